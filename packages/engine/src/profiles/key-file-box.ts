import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { createAesBox, masterKeyBytes, type SecretBox } from './secret-box.js';
import { hasCode } from './system-error.js';

/** What POSIX systems must not allow anybody but the owner. */
const groupAndOthers = 0o077;

/**
 * A box whose master key lies in `secret.key` beside the profiles, readable by its owner only.
 *
 * @throws Error when the file is not a key, is not the user's own, or cannot be protected.
 */
export async function createKeyFileBox(
  dataDirectory: string,
  reason = 'it was asked for',
): Promise<SecretBox> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const path = join(dataDirectory, 'secret.key');
  const masterKey = await withFileLock(`${path}.lock`, () => loadOrCreateKey(path));
  return createAesBox({
    protection: 'key-file',
    description:
      `Stream keys are encrypted with a key file that only your account can read (${reason}). ` +
      'This is weaker than the system’s secret store: whoever can read your files can decrypt them.',
    scheme: 'key-file',
    masterKey,
  });
}

async function loadOrCreateKey(path: string): Promise<Uint8Array> {
  const created = await createKey(path);
  if (created) return created;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await ensurePrivate(file, path);
    const key = await file.readFile();
    if (key.length !== masterKeyBytes) throw new Error(`${path} is not a key of Tallylight`);
    return key;
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
  if (uid !== process.getuid?.()) throw new Error(`${path} belongs to another user`);
  if ((mode & groupAndOthers) !== 0) await file.chmod(0o600);
}
