import type { CameraMode } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { modeFor } from './camera-mode.js';

const mode = (size: string, format = 'yuyv422', fps?: number[]): CameraMode => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height, format, ...(fps && { fps }) };
};
const asked = (modes: readonly CameraMode[], size: string, fps = 30): string => {
  const { width, height } = mode(size);
  const found = modeFor(modes, { width, height, fps });
  return `${found.width}x${found.height} at ${found.fps} ${found.format ?? ''}`.trim();
};

const webcam = [
  mode('640x480'),
  mode('320x240'),
  mode('1280x720'),
  mode('640x480', 'mjpeg'),
  mode('1280x720', 'mjpeg'),
];

it.each([
  ['640x480', '640x480 at 30'],
  ['1280x720', '1280x720 at 30 mjpeg'],
  // The smallest that has all the pixels; else the largest.
  ['960x540', '1280x720 at 30 mjpeg'],
  ['320x180', '320x240 at 30'],
  ['1920x1080', '1280x720 at 30 mjpeg'],
  ['720x1280', '1280x720 at 30 mjpeg'],
])('a webcam that is to give %s is asked for %s', (size, answer) => {
  expect(asked(webcam, size)).toBe(answer);
});

it('asks for what is wanted where no modes are known', () => {
  expect(asked([], '1600x900', 24)).toBe('1600x900 at 24');
});

it('asks for a rate that the camera has', () => {
  const ntsc = [mode('1280x720', 'native', [1, 29.97])];
  expect(asked(ntsc, '1280x720', 30)).toBe('1280x720 at 29.97');
  expect(asked(ntsc, '1280x720', 24)).toBe('1280x720 at 24');
  expect(asked([mode('640x480', 'native', [30, 60])], '640x480', 15)).toBe('640x480 at 30');
});

it('weighs a rate that is missing against pixels that are', () => {
  const slow = [mode('1920x1080', 'yuyv422', [5]), mode('1280x720', 'yuyv422', [30])];
  expect(asked(slow, '1920x1080')).toBe('1280x720 at 30');
  const fast = [mode('320x240', 'yuyv422', [60]), mode('1280x720', 'yuyv422', [30])];
  expect(asked(fast, '1280x720', 60)).toBe('1280x720 at 30');
});

it('prefers Motion JPEG for large pictures only, and only as fast as it is', () => {
  expect(asked([mode('1920x1080'), mode('1280x720', 'mjpeg')], '1920x1080')).toBe(
    '1920x1080 at 30',
  );
  const both = [mode('1280x720', 'yuyv422', [10]), mode('1280x720', 'mjpeg', [25])];
  expect(asked(both, '1280x720')).toBe('1280x720 at 25 mjpeg');
});
