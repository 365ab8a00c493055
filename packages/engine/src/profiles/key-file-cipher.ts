import { appError, type AppError, reason, type Wording } from '@tallylight/contract';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { whyUnreadable } from '../file-failure.js';
import { withFileLock } from './file-lock.js';
import { createAesCipher, masterKeyBytes, type SecretCipher } from './secret-cipher.js';
import { hasCode, isSystemError } from '../system-error.js';

/** What POSIX systems must not allow anybody but the owner. */
const groupAndOthers = 0o077;

/**
 * A cipher whose master key lies in `secret.key` beside the profiles, readable by its owner only.
 *
 * A file that is no key is set aside.
 *
 * @throws AppError `SETTINGS_UNREADABLE` when it is not the user's own, or cannot be read or protected;
 *   `DATA_FOLDER_UNUSABLE`.
 */
export async function createKeyFileCipher(
  dataDirectory: string,
  why: Wording = reason('asked-for'),
): Promise<SecretCipher> {
  const path = join(dataDirectory, 'secret.key');
  const { masterKey, setAside } = await withFileLock(`${path}.lock`, () =>
    openKey(path).catch((error: unknown) => {
      throw isSystemError(error) ? keyFileError(path, whyUnreadable(error), error) : error;
    }),
  );
  return createAesCipher({
    protection: { type: 'key-file', why, ...(setAside !== undefined && { setAside }) },
    scheme: 'key-file',
    masterKey,
  });
}

const keyFileError = (file: string, why: Wording, cause?: unknown): AppError =>
  appError('SETTINGS_UNREADABLE', { file, reason: why }, { cause });

interface OpenedKey {
  readonly masterKey: Uint8Array;
  /** The new name of a file that was no key. */
  readonly setAside?: string;
}

async function openKey(path: string): Promise<OpenedKey> {
  const masterKey = (await createKey(path)) ?? (await readKey(path));
  if (masterKey.length === masterKeyBytes) return { masterKey };
  const setAside = `${path.replace(/\.key$/, '')}.corrupt-${new Date().toISOString().replaceAll(':', '-')}.key`;
  await rename(path, setAside);
  const { masterKey: fresh } = await openKey(path);
  return { masterKey: fresh, setAside: basename(setAside) };
}

async function readKey(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await ensurePrivate(file, path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Creates the file, or returns `undefined` when it is there already. */
async function createKey(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
  try {
    const key = randomBytes(masterKeyBytes);
    await file.writeFile(key);
    await file.sync();
    return key;
  } finally {
    await file.close();
  }
}

/** Narrows a mode that a backup or a copy has widened; refuses a file that belongs to somebody else. */
async function ensurePrivate(file: FileHandle, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode, uid } = await file.stat();
  if (uid !== process.getuid?.()) {
    throw keyFileError(path, reason('file-of-another-user'));
  }
  if ((mode & groupAndOthers) !== 0) await file.chmod(0o600);
}
