import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { hasCode } from './system-error.js';

/**
 * Opens a file to write to. One that exists is never touched; a device or a pipe is written to, for there is nothing in
 * it to lose.
 *
 * @param mode the permissions of a file that is made.
 * @throws the system's error: `EEXIST` for a file, `EISDIR` for a folder of that name.
 */
export async function openNewFile(path: string, mode = 0o666): Promise<FileHandle> {
  try {
    return await open(path, 'wx', mode);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return await openExisting(path, error);
  }
}

async function openExisting(path: string, exists: unknown): Promise<FileHandle> {
  // Without truncating: it may be a file after all. A folder fails here, and says that it is one.
  const file = await open(path, constants.O_WRONLY);
  try {
    if (!(await file.stat()).isFile()) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  throw exists;
}
