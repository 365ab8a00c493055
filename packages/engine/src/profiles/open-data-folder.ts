import { join } from 'node:path';
import { withFileLock } from './file-lock.js';

/**
 * Makes the folder of profiles and settings where there is none, and proves that files can be made in it, for whoever
 * will save only later.
 *
 * @throws AppError `DATA_FOLDER_UNUSABLE`.
 */
export const openDataFolder = (folder: string): Promise<void> =>
  withFileLock(join(folder, 'folder.lock'), () => undefined);
