import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clip } from '../../../test/support/media.js';
import { measure, type Measured } from './judge.js';

const run = promisify(execFile);

/** A folder that a test file works in, and what is published from it. */
export interface Workbench {
  readonly folder: string;
  /** Five seconds of H.264 with B-frames, and AAC. */
  readonly clip: string;
  readonly sent: Measured;
  readonly remove: () => Promise<void>;
}

export async function openWorkbench(): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), 'node-rtmp-client-interop-'));
  const file = join(folder, 'clip.flv');
  await run('ffmpeg', ['-v', 'error', '-t', '5', '-i', await clip(folder), '-c', 'copy', file]);
  return {
    folder,
    clip: file,
    sent: await measure(file),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
