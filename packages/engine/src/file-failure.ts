import { existsSync } from 'node:fs';
import { access, constants, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reason, type Wording, type ReasonCode } from '@tallylight/contract';
import { openNewFile } from './new-file.js';
import { isSystemError } from './system-error.js';

/** What systems call a failed access to a file, and what we do. */
const reasons: Readonly<Record<string, ReasonCode>> = {
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EISDIR: 'is-folder',
  ENOTDIR: 'path-part-not-folder',
  EEXIST: 'file-exists',
  ENOSPC: 'disk-full',
  EDQUOT: 'quota-full',
  EROFS: 'disk-read-only',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  ENAMETOOLONG: 'name-too-long',
  ELOOP: 'link-loop',
  EIO: 'disk-broken',
  EPIPE: 'reader-gone',
  ERR_STREAM_DESTROYED: 'reader-gone',
  EBUSY: 'file-busy',
  ETXTBSY: 'file-busy',
  EFBIG: 'file-too-big',
  ENXIO: 'no-reader',
  ENODEV: 'no-reader',
  ESTALE: 'disk-gone',
  ETIMEDOUT: 'disk-gone',
  EHOSTDOWN: 'disk-gone',
  ENOTCONN: 'disk-gone',
};

/** Why a file cannot be read; the system's code where nothing better is known. */
export const whyUnreadable = (error: unknown): Wording => why(error, 'no-such-file');

/** Why a file cannot be written; the system's code where nothing better is known. */
export function whyUnwritable(error: unknown): Wording {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  const isFolderThere = typeof path === 'string' && existsSync(dirname(path));
  return why(error, isFolderThere ? 'no-file-made-there' : 'no-such-folder');
}

/** Why no new file can be made at `path`. It is tried, for only the system knows, and leaves nothing behind. */
export async function whyNoNewFile(path: string): Promise<Wording | undefined> {
  const there = await stat(path).catch(() => undefined);
  // Whoever opens a pipe waits for its reader.
  if (there?.isFIFO() === true) return undefined;
  try {
    await (await openNewFile(path)).close();
    if (!there) await rm(path);
    return undefined;
  } catch (error) {
    return whyUnwritable(error);
  }
}

/** Why no files can be made in a folder, which is not made. */
export async function whyNotInto(folder: string): Promise<Wording | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return reason('not-folder');
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return why(error, 'no-such-folder');
  }
}

function why(error: unknown, absent: ReasonCode): Wording {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const known = code === 'ENOENT' ? absent : reasons[code];
  if (known !== undefined) return reason(known);
  return isSystemError(error) ? reason('system-refuses', { code }) : error.message;
}
