import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from '@playwright/test';
import { launchChromium as launch } from '../test/support/chromium.js';
import { clip } from '../test/support/media.js';

const run = promisify(execFile);

export interface FakeCamera {
  /** MJPEG and WAV files; without them Chromium's own moving picture and beeps. */
  readonly footage?: { video: string; audio: string };
}

/** A Chromium whose camera and microphone are not of this world, or that has none. */
export const launchChromium = (camera: FakeCamera | 'no camera'): Promise<Browser> =>
  launch(
    camera === 'no camera'
      ? []
      : [
          '--use-fake-device-for-media-stream=fps=30',
          '--use-fake-ui-for-media-stream',
          ...(camera.footage
            ? [
                `--use-file-for-fake-video-capture=${camera.footage.video}`,
                `--use-file-for-fake-audio-capture=${camera.footage.audio}`,
              ]
            : []),
        ],
  );

/** Turns footage into what Chromium takes as a fake camera and microphone. */
export async function makeFootage(folder: string): Promise<{ video: string; audio: string }> {
  const source = await clip(folder);
  // Chromium reads the pictures as of limited range, whatever JPEG says: the levels must stay as they are.
  const limitedRange = ['-vf', 'scale=in_range=full:out_range=full,format=yuvj420p'];
  const video = join(folder, 'camera.mjpeg');
  const audio = join(folder, 'microphone.wav');
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    source,
    '-an',
    '-q:v',
    '4',
    ...limitedRange,
    video,
  ]);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', source, '-vn', audio]);
  return { video, audio };
}
