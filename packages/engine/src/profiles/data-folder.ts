import { appError, type AppError, reason, type Wording } from '@tallylight/contract';
import { accessSync, constants, statSync } from 'node:fs';
import { whyUnwritable } from '../file-failure.js';
import { makeFolder } from '../make-folder.js';
import { hasCode } from '../system-error.js';

/** Makes the folder of profiles and settings where there is none. @throws AppError `DATA_FOLDER_UNUSABLE`. */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw dataFolderError(folder, error);
  }
}

/** Why the folder, and no single file in it, cannot be used. */
export const dataFolderError = (folder: string, error: unknown): AppError =>
  appError(
    'DATA_FOLDER_UNUSABLE',
    { folder, reason: whyUnusable(folder, error) },
    { cause: error },
  );

/** Whether it was the folder that kept a file in it from being read. */
export const isFolderAtFault = (folder: string, error: unknown): boolean =>
  hasCode(error, 'ENOTDIR') || (hasCode(error, 'EACCES') && !mayEnter(folder));

function whyUnusable(folder: string, error: unknown): Wording {
  if (isThereButNoFolder(folder)) return reason('not-folder');
  return hasCode(error, 'ENOENT') ? reason('no-folder-made-there') : whyUnwritable(error);
}

function isThereButNoFolder(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function mayEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
