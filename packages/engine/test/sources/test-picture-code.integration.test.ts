import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pictureCodeAt, readPictureCode } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { testPictureInput } from '../../src/sources/ffmpeg/test-inputs.js';

/** As the monitor looks at them. */
const raster = { width: 96, height: 54 };
const bytes = raster.width * raster.height;

test.each([
  { width: 640, height: 360, fps: 30 },
  { width: 320, height: 240, fps: 25 },
])('each frame of ffmpeg’s test picture shows its time ($width×$height)', async (size) => {
  const { args } = testPictureInput(size, false);
  const graph = args[args.indexOf('-i') + 1] ?? '';
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', graph.replace('testsrc2=', 'testsrc2=duration=2:')],
      ...['-vf', `scale=${raster.width}:${raster.height}`, '-pix_fmt', 'gray'],
      ...['-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 },
  );
  const codes = Array.from({ length: stdout.length / bytes }, (_, index) =>
    readPictureCode(
      stdout.subarray(index * bytes, (index + 1) * bytes),
      raster.width,
      raster.height,
    ),
  );
  expect(codes).toEqual(
    Array.from({ length: 2 * size.fps }, (_, frame) => pictureCodeAt((frame / size.fps) * 1000)),
  );
});
