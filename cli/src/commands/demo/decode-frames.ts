import { appError } from '@tallylight/contract';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const deadlineMs = 120_000;

/**
 * Decodes every picture of `file` with ffmpeg and counts them.
 *
 * @throws AppError `CAPTURE_FAILED` with ffmpeg's own words when it complains of anything.
 */
export async function decodeFrames(
  ffmpegPath: string,
  file: string,
  signal: AbortSignal,
): Promise<number> {
  const args = ['-v', 'error', '-nostdin', '-i', file, '-map', '0:v:0', '-f', 'framecrc', '-'];
  const { stdout, stderr } = await promisify(execFile)(ffmpegPath, args, {
    ...{ timeout: deadlineMs, maxBuffer: 64 * 1024 * 1024, signal },
  }).catch((error: unknown) => {
    throw appError('CAPTURE_FAILED', { reason: String(error) }, { cause: error });
  });
  if (stderr !== '') throw appError('CAPTURE_FAILED', { reason: stderr.trim() });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
