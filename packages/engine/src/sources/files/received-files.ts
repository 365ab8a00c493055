import { createWriteStream } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { appError, AppError, reason, type Wording } from '@tallylight/contract';
import { whyUnwritable } from '../../file-failure.js';
import { makeOwnedFolder, removeLeftFolders } from './left-folders.js';

const gigabyte = 1_000_000_000;
/** No system has longer ones. */
const longestName = 255;

export interface ReceivedFilesOptions {
  /** Bytes of all files together. */
  readonly maxBytes?: number;
  /** Bytes that stay free on the disk, for everybody else. */
  readonly spareBytes?: number;
  /** For so long nothing may come. Milliseconds. */
  readonly idleMs?: number;
}

export interface ReceivedFile {
  readonly path: string;
  /** As its owner calls it, which not every system can write. */
  readonly name: string;
  readonly release: () => Promise<void>;
}

/**
 * Copies of files whose place only a browser knows, in a temporary folder that goes with the engine. Nobody else's
 * programs can read them.
 */
export class ReceivedFiles {
  readonly #maxBytes: number;
  readonly #spareBytes: number;
  readonly #idleMs: number;
  #folder: Promise<string> | undefined;
  #bytes = 0;
  #received = 0;
  readonly #closing = new AbortController();

  constructor({
    maxBytes = 32 * gigabyte,
    spareBytes = gigabyte,
    idleMs = 30_000,
  }: ReceivedFilesOptions = {}) {
    this.#maxBytes = maxBytes;
    this.#spareBytes = spareBytes;
    this.#idleMs = idleMs;
  }

  /**
   * @param size how many bytes are going to come; their place is kept from the beginning.
   * @throws AppError `FILE_NOT_TAKEN`; nothing is left of it then.
   */
  async receive(
    name: string,
    size: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<ReceivedFile> {
    const shown = shownNameOf(name);
    const refuse = (why: Wording): AppError =>
      appError('FILE_NOT_TAKEN', { file: shown, reason: why }, { phase: 'camera' });
    if (this.#bytes + size > this.#maxBytes) {
      throw refuse(reason('too-much-copied', { limit: Math.floor(this.#maxBytes / gigabyte) }));
    }
    this.#bytes += size;
    this.#received += 1;
    const number = String(this.#received);
    let folder: string | undefined;
    const release = async (): Promise<void> => {
      this.#bytes -= size;
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    };
    try {
      const all = await (this.#folder ??= this.#begin());
      const { bavail, bsize } = await statfs(all);
      if (bavail * bsize - size < this.#spareBytes) throw refuse(reason('disk-full'));
      // Of its own, so that it keeps its name.
      folder = join(all, number);
      await mkdir(folder);
      const path = join(folder, writtenNameOf(shown));
      await this.#write(path, size, bytes, refuse);
      return { path, name: shown, release };
    } catch (error) {
      await release();
      throw error instanceof AppError ? error : refuse(whyUnwritable(error));
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #begin(): Promise<string> {
    // Of engines that were killed.
    await removeLeftFolders();
    return makeOwnedFolder();
  }

  async #write(
    path: string,
    size: number,
    bytes: AsyncIterable<Uint8Array>,
    refuse: (why: Wording) => AppError,
  ): Promise<void> {
    const idle = new AbortController();
    const seconds = Math.round(this.#idleMs / 1000);
    let timer: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(
        () => idle.abort(refuse(reason('transfer-too-slow', { seconds }))),
        this.#idleMs,
      );
    };
    let came = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of bytes) {
        watch();
        came += piece.byteLength;
        if (came > size) throw refuse(reason('transfer-broken'));
        yield piece;
      }
    };
    const signal = AbortSignal.any([idle.signal, this.#closing.signal]);
    watch();
    try {
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await pipeline(counted, file, { signal });
    } catch (error) {
      const { reason: why } = idle.signal as { readonly reason: unknown };
      if (why instanceof AppError) throw why;
      // Whoever sent it is gone, or the engine ends.
      const isGone = came < size && !isAboutDisk(error);
      throw isGone ? refuse(reason('transfer-broken')) : error;
    } finally {
      clearTimeout(timer);
    }
    if (came !== size) throw refuse(reason('transfer-broken'));
  }
}

const isAboutDisk = (error: unknown): boolean =>
  error instanceof AppError || (error instanceof Error && 'syscall' in error);

/** Without the folder where somebody gives a path, and on one line. */
const shownNameOf = (name: string): string =>
  name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/\p{Cc}/gu, '_')
    .slice(0, longestName) || 'file';

/** As it can be written on every system, and leads nowhere else. */
function writtenNameOf(name: string): string {
  const plain = name.replace(/[/\\<>:"|?*]/g, '_').replace(/^\.+|[. ]+$/g, '');
  // Many a system takes 255 bytes, and its end says what it is.
  return plain.slice(-80) || 'file';
}
