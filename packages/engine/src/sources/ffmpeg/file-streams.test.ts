import { describe, expect, it } from 'vitest';
import { isHdr, isPlainFormat, isStill, parseFileStreams } from './file-streams.js';

// `ffmpeg -i` 5.1, shortened.
const film = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:footage.mp4':
  Metadata:
    title           : Stream #9:9: Video: fake
  Duration: 00:00:20.01, start: 0.000000, bitrate: 1519 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 1280x720, 1387 kb/s, 29.97 fps, 30 tbr (default)
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 128 kb/s (default)
At least one output file must be specified`;

const streamsOf = (...lines: string[]) =>
  parseFileStreams(["Input #0, matroska,webm, from 'file:x':", ...lines].join('\n'));

describe('parseFileStreams', () => {
  it('finds codecs and form of picture and sound', () => {
    expect(parseFileStreams(film)).toEqual({
      format: 'mov,mp4,m4a,3gp,3g2,mj2',
      durationMs: 20_010,
      video: {
        ...{ index: 0, codec: 'h264', pixelFormat: 'yuv420p', transfer: undefined },
        ...{
          width: 1280,
          height: 720,
          isInterlaced: false,
          rotation: 0,
          fps: 29.97,
          bitrate: 1_387_000,
        },
      },
      audio: { index: 1, codec: 'aac', bitrate: 128_000 },
      ...{ otherVideos: 0, otherAudios: 0 },
    });
  });

  it('does not take a cover for a film', () => {
    const song = streamsOf(
      '  Stream #0:0(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo',
      '  Stream #0:1: Video: mjpeg (Baseline), yuvj420p(pc), 500x500, 90k tbr (attached pic)',
    );
    expect(song).toMatchObject({ video: undefined, audio: { index: 0 } });
  });

  it.each([
    ['(attached pic)', 'a cover'],
    ['', 'a cover that is not marked as one'],
  ])('finds the film behind %s %s, and its own place', (mark) => {
    const file = streamsOf(
      `  Stream #0:0[0x1]: Video: mjpeg (Baseline), yuvj420p(pc, bt470bg/unknown/unknown), 600x600, 90k tbr ${mark}`,
      '  Stream #0:1[0x2](eng): Data: none (tmcd / 0x64636D74)',
      '  Stream #0:2[0x3]: Audio: mp3, 48000 Hz, mono',
      '  Stream #0:3[0x4]: Video: h264 (High), yuv420p(progressive), 320x180, 30 fps',
    );
    expect(file).toMatchObject({ video: { index: 3, codec: 'h264' }, audio: { index: 2 } });
    expect(file.otherVideos).toBe(0);
  });

  it('takes of several tracks the one that the file says is to be played, and counts the others', () => {
    const file = streamsOf(
      '  Stream #0:0: Video: h264 (High), yuv420p, 320x180, 30 fps',
      '  Stream #0:1: Video: h264 (High), yuv420p, 640x360, 30 fps (default)',
      '  Stream #0:2(eng): Audio: aac (LC), 48000 Hz, mono, fltp',
      '  Stream #0:3(fra): Audio: mp3, 48000 Hz, mono, fltp (default)',
      '    Metadata:',
      '      title           : (default)',
      '  Stream #0:4(fra): Audio: mp3, 48000 Hz, mono, fltp (default)',
    );
    expect(file).toMatchObject({
      ...{ video: { index: 1 }, otherVideos: 1 },
      ...{ audio: { index: 3, codec: 'mp3' }, otherAudios: 2 },
    });
  });

  it('reads how a picture is to be shown', () => {
    const videoOf = (details: string) =>
      streamsOf(`  Stream #0:0[0x1](und): Video: hevc (Main 10) (hvc1), ${details}`).video;
    const pq = videoOf('yuv420p10le(tv, bt2020nc/bt2020/smpte2084, progressive), 320x180, 30 fps');
    expect(pq).toMatchObject({ pixelFormat: 'yuv420p10le', transfer: 'smpte2084' });
    expect(pq && isHdr(pq)).toBe(true);
    const hlg = videoOf('yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67), 320x180 [SAR 1:1]');
    expect(hlg && isHdr(hlg)).toBe(true);
    const plain = videoOf('yuvj420p(pc, bt709), 320x180, 30 fps');
    expect(plain).toMatchObject({ transfer: undefined, isInterlaced: false });
    expect(plain && isPlainFormat(plain)).toBe(true);
    expect(isPlainFormat({ pixelFormat: 'yuv444p' })).toBe(false);
    expect(isPlainFormat({ pixelFormat: 'yuv420p10le' })).toBe(false);
    expect(videoOf('yuv420p(top first), 720x576')?.isInterlaced).toBe(true);
    expect(videoOf('yuv420p(tv, bt709, bottom first), 720x576')?.isInterlaced).toBe(true);
    const turned = videoOf(
      'yuv420p, 320x180\n    Side data:\n      displaymatrix: rotation of -90.00 degrees',
    );
    expect(turned?.rotation).toBe(-90);
  });

  it('knows a single picture', () => {
    expect(isStill({ format: 'png_pipe' })).toBe(true);
    expect(isStill({ format: 'image2' })).toBe(true);
    expect(isStill({ format: 'gif' })).toBe(false);
  });

  it('reads the form of old versions', () => {
    const old =
      "Input #0, avi, from 'x':\n    Stream #0:0: Video: mpeg4 (Simple Profile), yuv420p, 64x64";
    expect(parseFileStreams(old)).toMatchObject({
      ...{ format: 'avi', video: { codec: 'mpeg4', index: 0 }, audio: undefined },
    });
  });

  it('finds nothing in a complaint', () => {
    expect(parseFileStreams('x: Invalid data found when processing input')).toMatchObject({
      video: undefined,
      audio: undefined,
    });
  });
});
