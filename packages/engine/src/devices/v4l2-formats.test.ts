import { expect, it } from 'vitest';
import { hasV4l2Formats, parseV4l2Formats } from './v4l2-formats.js';

// The kernel's vivid camera, by ffmpeg 5.1, shortened.
const vivid = [
  '[video4linux2,v4l2 @ 0x55b5bdf5c880] Raw       :     yuyv422 :           YUYV 4:2:2 : 320x180 640x360',
  '[video4linux2,v4l2 @ 0x55b5bdf5c880] Raw       : Unsupported :           YVYU 4:2:2 : 320x180 640x360',
  '[video4linux2,v4l2 @ 0x55b5bdf5c880] Raw       :     yuv420p :     Planar YUV 4:2:0 : 320x180',
  '[video4linux2,v4l2 @ 0x55b5bdf5c880] Raw       :     yuv420p :     Planar YVU 4:2:0 : 320x180',
  '/dev/video0: Immediate exit requested',
].join('\n');

it('reads the formats that ffmpeg can use, each once', () => {
  expect(parseV4l2Formats(vivid)).toEqual([
    { width: 320, height: 180, format: 'yuyv422' },
    { width: 640, height: 360, format: 'yuyv422' },
    { width: 320, height: 180, format: 'yuv420p' },
  ]);
});

it('reads compressed formats, and passes over stepwise sizes', () => {
  const listing = [
    '[v4l2 @ 0x1] Compressed:       mjpeg :          Motion-JPEG : 640x480 1920x1080',
    '[v4l2 @ 0x1] Raw       :        nv12 :           Y/UV 4:2:0 : {48-2592, 16}x{32-1944, 8}',
  ].join('\n');
  expect(parseV4l2Formats(listing)).toEqual([
    { width: 640, height: 480, format: 'mjpeg' },
    { width: 1920, height: 1080, format: 'mjpeg' },
  ]);
});

it('tells a camera from a node for metadata or output', () => {
  expect(hasV4l2Formats(vivid)).toBe(true);
  expect(hasV4l2Formats('/dev/video2: Immediate exit requested')).toBe(false);
  expect(hasV4l2Formats('/dev/video1: Inappropriate ioctl for device')).toBe(false);
});
