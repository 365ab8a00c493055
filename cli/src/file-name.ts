import { existsSync } from 'node:fs';
import { appError, reason } from '@tallylight/contract';

const endings = {
  /** What is written is FLV. */
  'not-flv': /\.flv$/i,
  /** The ending decides what is written. */
  'not-a-recording': /\.(?:flv|mp4)$/i,
};

/**
 * Refuses a file whose name says that it is something else than what is written: players go by the name. What is there
 * already says more when it is opened: a pipe or a device may be called anything, a file stays as it is.
 *
 * @param why the reason that is told.
 * @throws AppError `INVALID_OPTION`.
 */
export function assertFileName(option: string, path: string, why: keyof typeof endings): void {
  if (path === '-' || endings[why].test(path)) return;
  if (existsSync(path)) return;
  throw appError('INVALID_OPTION', { reason: reason(why, { option, file: path }) });
}
