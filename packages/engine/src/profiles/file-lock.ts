import { appError, reason } from '@tallylight/contract';
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dataFolderError, makeDataFolder } from './data-folder.js';
import { hasCode } from '../system-error.js';

const retryMs = 15;

/**
 * Runs `work` while holding the lock file at `path`, which keeps other processes out. A lock older than `staleMs` was
 * left by a process that died; `work` must take much less than that.
 *
 * @throws AppError `DATA_FOLDER_UNUSABLE`, or `SETTINGS_UNWRITABLE` when the lock was not to be had within twice `staleMs`.
 */
export async function withFileLock<T>(
  path: string,
  work: () => T | Promise<T>,
  staleMs = 5000,
): Promise<T> {
  makeDataFolder(dirname(path));
  const giveUpAt = Date.now() + 2 * staleMs;
  while (!tryLock(path, staleMs)) {
    if (Date.now() > giveUpAt) {
      throw appError('SETTINGS_UNWRITABLE', { file: path, reason: reason('file-busy') });
    }
    await delay(retryMs);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string, staleMs: number): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    // Windows answers EPERM while a file that another process deleted is not gone yet.
    if (!hasCode(error, 'EEXIST') && !hasCode(error, 'EPERM')) {
      throw dataFolderError(dirname(path), error);
    }
  }
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > staleMs) rmSync(path, { force: true });
  return false;
}
