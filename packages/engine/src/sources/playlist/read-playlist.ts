import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appError, reason, type AppError, type Wording } from '@tallylight/contract';
import { whyUnreadable } from '../../file-failure.js';

const maxBytes = 1024 * 1024;
const maxFiles = 1000;

/**
 * The files of a playlist, in order: M3U, M3U8, or any text with one path a line. Paths are relative to the playlist's
 * folder.
 *
 * @throws AppError FILE_UNREADABLE
 */
export async function readPlaylist(path: string): Promise<string[]> {
  const refuse = (why: Wording): AppError =>
    appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  const text = await readText(path).catch((error: unknown) => {
    throw refuse(whyUnreadable(error));
  });
  if (text === undefined) throw refuse(reason('no-playlist'));
  const files = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ entry: line.trim(), line: index + 1 }))
    .filter(({ entry }) => entry !== '' && !entry.startsWith('#'))
    .map(({ entry, line }) => {
      const file = pathOf(entry);
      if (file === undefined) throw refuse(reason('playlist-holds-address', { line }));
      return resolve(dirname(path), file);
    });
  if (files.length === 0) throw refuse(reason('playlist-empty'));
  if (files.length > maxFiles) throw refuse(reason('playlist-too-long', { maximum: maxFiles }));
  return files;
}

/** Undefined where it cannot be a list, such as a film. */
async function readText(path: string): Promise<string | undefined> {
  const { size } = await stat(path);
  if (size > maxBytes) return undefined;
  const text = await readFile(path, 'utf8');
  return text.includes('\0') ? undefined : text;
}

/** Undefined where it is an address of something else than a file. */
function pathOf(entry: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return entry;
  try {
    return fileURLToPath(entry);
  } catch {
    return undefined;
  }
}
