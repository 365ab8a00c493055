import { statSync } from 'node:fs';
import { appError, reason } from '@tallylight/contract';

/**
 * Refuses a file whose name says that it is something else than FLV, which is what is written: players go by the name.
 * Pipes and devices may be called anything, and what is there already says more when it is opened.
 *
 * @throws AppError `INVALID_OPTION`.
 */
export function assertFlvName(option: string, path: string): void {
  if (path === '-' || /\.flv$/i.test(path)) return;
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile()) return;
  throw appError('INVALID_OPTION', { reason: reason('not-flv', { option, file: path }) });
}
