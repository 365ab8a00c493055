import { existsSync } from 'node:fs';
import { appError, reason } from '@tallylight/contract';

/**
 * Refuses a file whose name says that it is something else than FLV, which is what is written: players go by the name.
 * What is there already says more when it is opened: a pipe or a device may be called anything, a file stays as it is.
 *
 * @throws AppError `INVALID_OPTION`.
 */
export function assertFlvName(option: string, path: string): void {
  if (path === '-' || /\.flv$/i.test(path)) return;
  if (existsSync(path)) return;
  throw appError('INVALID_OPTION', { reason: reason('not-flv', { option, file: path }) });
}
