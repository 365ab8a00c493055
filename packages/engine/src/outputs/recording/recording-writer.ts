import { rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, parse, join } from 'node:path';
import { reason, type Wording } from '@tallylight/contract';
import type { FlvPatch } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { whyUnwritable } from '../../file-failure.js';
import { openNewFile } from '../../new-file.js';
import { hasCode } from '../../system-error.js';
import type { NextFile, RecordingPiece } from './recording-format.js';

/** Milliseconds in which the rest must be written when the recording ends. */
const closeMs = 10_000;

/** How far a number that is free is looked for. */
const mostFiles = 10_000;

/** What is left of a disk, and whether the file is still on it. */
export interface DiskState {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly isRemoved: boolean;
}

export interface RecordingWriterOptions {
  readonly path: string;
  /** Told when the file is there. */
  readonly onOpen: () => void;
  /** Told once why no more can be written. What was written stays, up to its last whole piece. */
  readonly onFailure: (why: Wording) => void;
}

/** The files of a recording: makes them, writes them in order, and leaves each in a state in which it can be played. */
export class RecordingWriter {
  readonly #o: RecordingWriterOptions;
  #opening: Promise<void> = Promise.resolve();
  #file: FileHandle | undefined;
  /** A device or a pipe has no size and no places to write to, and is not ours to remove. */
  #isFile = true;
  #closing: Promise<void> | undefined;
  /** The files behind the first, which are called after it. */
  readonly otherPaths: string[] = [];
  /** Of the files that are complete. */
  #bytesBefore = 0;
  #pending: RecordingPiece[] = [];
  /** Payload that was pushed and is not written. */
  #pendingBytes = 0;
  #newestMs = 0;
  #writtenMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** Of all files, in whole pieces. */
  #bytes = 0;
  #isFailed = false;
  #isFinished = false;
  #wasOpen = false;

  constructor(options: RecordingWriterOptions) {
    this.#o = options;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get pressure(): { readonly queuedMs: number; readonly queuedBytes: number } {
    return { queuedMs: this.#newestMs - this.#writtenMs, queuedBytes: this.#pendingBytes };
  }

  /** Creates the file. One that exists is never touched. */
  open(): void {
    this.#opening = this.#open();
  }

  /** @param atMs the media time of it. @param payloadBytes what is held in memory until it is written. */
  push(pieces: readonly RecordingPiece[], atMs: number, payloadBytes: number): void {
    if (this.#isFailed || this.#isFinished) return;
    // Whoever writes hears of it.
    for (const piece of pieces) if (piece instanceof Promise) piece.catch(() => undefined);
    this.#pending.push(...pieces);
    this.#pendingBytes += payloadBytes;
    this.#newestMs = Math.max(this.#newestMs, atMs);
    this.#flush();
  }

  /** Gives up what is not written. Does nothing where it has failed already. */
  fail(why: Wording): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#o.onFailure(why);
    void this.#close([]);
  }

  /** Writes what is left and closes the file. One that holds nothing is removed, and has no bytes then. */
  async finish(patches: readonly FlvPatch[], holds: 'something' | 'nothing'): Promise<void> {
    this.#flush();
    const written = this.#opening.then(() => this.#writing);
    if ((await within(written, closeMs)) === 'late') this.fail(reason('disk-silent'));
    this.#isFinished = true;
    const isClosed = await within(this.#close(patches), closeMs);
    if (isClosed === 'late') this.fail(reason('disk-silent'));
    if (holds === 'something' || !this.#isFile) return;
    this.#bytes = 0;
    if (this.#wasOpen) await rm(this.#o.path, { force: true }).catch(() => undefined);
  }

  /** `undefined` of what is no file, or where the system does not tell. */
  async look(): Promise<DiskState | undefined> {
    const file = this.#file;
    if (!file || !this.#isFile) return undefined;
    try {
      const { nlink } = await file.stat();
      const isRemoved = nlink === 0;
      // Of a folder that is gone as well there is nothing more to know.
      if (isRemoved) return { freeBytes: NaN, totalBytes: NaN, isRemoved };
      const { bavail, blocks, bsize } = await statfs(dirname(this.#o.path));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, isRemoved };
    } catch {
      // It may have been closed meanwhile; whatever is wrong with the disk, writing tells.
      return undefined;
    }
  }

  async #open(): Promise<void> {
    try {
      this.#file = await openNewFile(this.#o.path);
      this.#wasOpen = true;
      this.#isFile = (await this.#file.stat()).isFile();
    } catch (error) {
      this.fail(whyUnwritable(error));
      return;
    }
    if (this.#isFinished || this.#isFailed) {
      // Too late: the recording has been given up.
      await this.#closeFile(this.#file, []);
      return;
    }
    this.#flush();
    this.#o.onOpen();
  }

  #flush(): void {
    if (this.#file && !this.#isWriting) this.#writing = this.#write(this.#file);
  }

  async #write(file: FileHandle): Promise<void> {
    this.#isWriting = true;
    let current = file;
    try {
      while (this.#pending.length > 0 && !this.#isFailed) {
        const [newestMs, pendingBytes] = [this.#newestMs, this.#pendingBytes];
        const made = this.#pending.splice(0).map((piece) => Promise.resolve(piece));
        for (const piece of inOnePiece(await Promise.all(made))) {
          if (!(piece instanceof Uint8Array)) current = await this.#openNext(current, piece);
          else {
            // writev may write less than it was given, which writeFile takes care of.
            await current.writeFile(piece);
            this.#bytes += piece.byteLength;
          }
        }
        this.#pendingBytes = Math.max(0, this.#pendingBytes - pendingBytes);
        this.#writtenMs = newestMs;
      }
    } catch (error) {
      this.fail(whyUnwritable(error));
    } finally {
      this.#isWriting = false;
    }
  }

  async #openNext(before: FileHandle, { patches }: NextFile): Promise<FileHandle> {
    const { dir, name, ext } = parse(this.#o.path);
    for (let number = this.otherPaths.length + 2; ; number += 1) {
      const path = join(dir, `${name}-${number}${ext}`);
      try {
        const next = await openNewFile(path);
        await writePatches(before, patches);
        this.#file = next;
        this.otherPaths.push(path);
        this.#bytesBefore = this.#bytes;
        await before.close();
        return next;
      } catch (error) {
        if (!hasCode(error, 'EEXIST') || number > mostFiles) throw error;
      }
    }
  }

  #close(patches: readonly FlvPatch[]): Promise<void> {
    this.#closing ??= this.#opening
      .then(() => this.#writing)
      .then(async () => {
        const file = this.#file;
        this.#file = undefined;
        if (file) await this.#closeFile(file, patches);
      });
    return this.#closing;
  }

  async #closeFile(file: FileHandle, patches: readonly FlvPatch[]): Promise<void> {
    try {
      try {
        if (!this.#isFile) return;
        // Of what a full disk refused, the beginning was written, which a player would stumble over.
        if (this.#isFailed) await file.truncate(this.#bytes - this.#bytesBefore);
        else await writePatches(file, patches);
      } finally {
        await file.close();
      }
    } catch (error) {
      this.fail(whyUnwritable(error));
    }
  }
}

async function writePatches(file: FileHandle, patches: readonly FlvPatch[]): Promise<void> {
  for (const { position, bytes } of patches) await file.write(bytes, 0, bytes.length, position);
}

/** Bytes that follow each other, in one piece: one call of the system each. */
function inOnePiece(pieces: readonly (Uint8Array | NextFile)[]): (Uint8Array | NextFile)[] {
  const joined: (Uint8Array | NextFile)[] = [];
  let bytes: Uint8Array[] = [];
  const flush = (): void => {
    if (bytes.length > 0) joined.push(Buffer.concat(bytes));
    bytes = [];
  };
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) bytes.push(piece);
    else {
      flush();
      joined.push(piece);
    }
  }
  flush();
  return joined;
}
