import { expect, it } from 'vitest';
import { parseFileStreams } from './file-streams.js';

// `ffmpeg -i` 5.1, shortened.
const film = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:footage.mp4':
  Metadata:
    title           : Stream #9:9: Video: fake
  Duration: 00:00:20.01, start: 0.000000, bitrate: 1519 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 1280x720, 30 fps (default)
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 128 kb/s (default)
At least one output file must be specified`;

it('finds the codecs of picture and sound', () => {
  expect(parseFileStreams(film)).toEqual({ video: 'h264', audio: 'aac' });
});

it('does not take a cover for a film', () => {
  const song = `Input #0, mov, from 'song.m4a':
  Stream #0:0(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo
  Stream #0:1: Video: mjpeg (Baseline), yuvj420p(pc), 500x500, 90k tbr (attached pic)`;
  expect(parseFileStreams(song)).toEqual({ video: undefined, audio: 'aac' });
});

it('reads the form of old versions', () => {
  const old = "Input #0, avi, from 'x':\n    Stream #0:0: Video: mpeg4 (Simple Profile), yuv420p";
  expect(parseFileStreams(old)).toEqual({ video: 'mpeg4', audio: undefined });
});

it('finds nothing in a complaint', () => {
  expect(parseFileStreams('x: Invalid data found when processing input')).toEqual({
    video: undefined,
    audio: undefined,
  });
});
