import { expect, it } from 'vitest';
import { parseNames, parseVersion } from './ffmpeg-listings.js';

it('reads the version of any build', () => {
  expect(parseVersion('ffmpeg version 5.1.9-0+deb12u1 Copyright (c)')).toBe('5.1.9-0+deb12u1');
  expect(parseVersion('ffmpeg version N-47683-g0e8eb07980-static https://…')).toBe(
    'N-47683-g0e8eb07980-static',
  );
  expect(parseVersion('GNU bash, version 5')).toBeUndefined();
});

it('reads encoders, without the explanation of the flags', () => {
  // ffmpeg 5.1 -encoders, shortened.
  const listing = [
    'Encoders:',
    ' V..... = Video',
    ' .F.... = Frame-level multithreading',
    ' ------',
    ' V....D libx264              libx264 H.264 / AVC (codec h264)',
    ' A....D aac                  AAC (Advanced Audio Coding)',
    ' VFS..D h264_v4l2m2m         V4L2 mem2mem H.264 encoder wrapper (codec h264)',
  ].join('\n');
  expect([...parseNames(listing)]).toEqual(['libx264', 'aac', 'h264_v4l2m2m']);
});

it('reads containers and devices that have several names, or no description, by what they can do', () => {
  // ffmpeg 5.1 -formats, shortened; the last line as from ffmpeg 7 on.
  const listing = [
    'File formats:',
    ' D. = Demuxing supported',
    ' .E = Muxing supported',
    ' --',
    ' DE alsa            ALSA audio output',
    '  E caca            caca (color ASCII art) output device',
    ' D  libcdio          ',
    ' D  mov,mp4,m4a     QuickTime / MOV',
    ' DEd video4linux2,v4l2 Video4Linux2 output device',
  ].join('\n');
  const inputs = ['alsa', 'libcdio', 'mov', 'mp4', 'm4a', 'video4linux2', 'v4l2'];
  expect([...parseNames(listing, 'D')]).toEqual(inputs);
  expect([...parseNames(listing, 'E')]).toEqual(['alsa', 'caca', 'video4linux2', 'v4l2']);
});

it('finds no names in anything else', () => {
  expect(parseNames('').size).toBe(0);
  expect(parseNames('command not found').size).toBe(0);
});
