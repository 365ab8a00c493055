import { rm, type FileHandle } from 'node:fs/promises';
import { basename, parse, join } from 'node:path';
import {
  appError,
  AppError,
  reason,
  type AppErrorInfo,
  type RecordingStatus,
  type Wording,
} from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { whyUnwritable } from '../../file-failure.js';
import { openNewFile } from '../../new-file.js';
import { hasCode } from '../../system-error.js';
import type { Output, OutputContext, Pressure } from '../output.js';
import type { StreamDescription } from '../stream-description.js';
import { FlvFormat } from './flv-format.js';
import { Mp4Format } from './mp4-format.js';
import type { RecordingFormat, RecordingPiece } from './recording-format.js';

/** A disk that falls this many bytes behind is given up: two minutes of 4 Mbit/s. */
const maxPendingBytes = 64 * 1024 * 1024;

/** Milliseconds in which the rest must be written when the recording ends. */
const closeMs = 10_000;

/** How far a number that is free is looked for. */
const mostFiles = 10_000;

export interface RecorderOptions {
  readonly id: string;
  /** The file, which must not exist; or a device or a pipe. One that ends in `.mp4` is MP4, any other is FLV. */
  readonly path: string;
}

/**
 * Writes the broadcast to a file, or to several where the stream becomes another one, and never drops a frame of it. A
 * failure ends the recording, not the broadcast: it is told in {@link status}, and what was written so far stays.
 */
export class Recorder implements Output {
  readonly id: string;
  readonly #path: string;
  readonly #format: RecordingFormat;
  #onChange: () => void = () => undefined;
  #opening: Promise<void> = Promise.resolve();
  #file: FileHandle | undefined;
  /** The files behind the first, which are called after it. */
  readonly #otherPaths: string[] = [];
  /** Of the files that are complete. */
  #bytesBefore = 0;
  #isStarted = false;
  #pending: RecordingPiece[] = [];
  /** Payload that was pushed and is not written. */
  #pendingBytes = 0;
  #newestMs = 0;
  #writtenMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #bytes = 0;
  #hasFrames = false;
  #finishing: Promise<void> | undefined;
  #isFinished = false;
  #error: AppErrorInfo | undefined;

  constructor({ id, path }: RecorderOptions) {
    this.id = id;
    this.#path = path;
    this.#format = /\.mp4$/i.test(path) ? new Mp4Format() : new FlvFormat();
  }

  get status(): RecordingStatus {
    return {
      type: 'recording',
      reach: 'local',
      id: this.id,
      name: basename(this.#path),
      state: this.#state(),
      path: this.#path,
      ...(this.#otherPaths.length > 0 && { otherPaths: [...this.#otherPaths] }),
      bytes: this.#bytes,
      ...(this.#error && { lastError: this.#error }),
    };
  }

  get pressure(): Pressure {
    return { queuedMs: this.#newestMs - this.#writtenMs, queuedBytes: this.#pendingBytes };
  }

  /** Creates the file. One that exists is never touched. */
  open({ onChange }: OutputContext): void {
    this.#onChange = onChange;
    this.#opening = this.#open();
  }

  start(description: StreamDescription): void {
    this.#isStarted = true;
    this.#append(() => this.#format.start(description));
  }

  change(description: StreamDescription): void {
    this.#append(() => {
      this.#format.change(description);
      return [];
    });
  }

  push(packet: EncodedPacket): void {
    if (!this.#isStarted || this.#error || this.#finishing) return;
    this.#newestMs = packet.dts / 1000;
    this.#hasFrames ||= packet.type === 'frame';
    this.#pendingBytes += packet.payload.byteLength;
    this.#append(() => this.#format.push(packet));
    if (this.#pendingBytes > maxPendingBytes) this.#fail(reason('disk-too-slow'));
    else this.#flush();
  }

  /** Writes what is left and closes the file. One without a single frame is removed, and has no bytes then. */
  finish(): Promise<void> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  #state(): RecordingStatus['state'] {
    if (this.#error) return 'failed';
    if (this.#isFinished) return 'stopped';
    return this.#file ? 'live' : 'connecting';
  }

  async #open(): Promise<void> {
    try {
      this.#file = await openNewFile(this.#path);
    } catch (error) {
      this.#fail(whyUnwritable(error));
      return;
    }
    if (this.#isFinished) {
      // Too late: the recording has been given up.
      await this.#close(this.#file);
      return;
    }
    this.#flush();
    this.#onChange();
  }

  async #finish(): Promise<void> {
    if (this.#isStarted) this.#append(() => this.#format.end());
    this.#flush();
    const written = this.#opening.then(() => this.#writing);
    if ((await within(written, closeMs)) === 'late') {
      this.#fail(reason('disk-silent'));
    }
    this.#isFinished = true;
    const file = this.#file;
    this.#file = undefined;
    if (file && (await within(this.#close(file), closeMs)) === 'late') {
      this.#fail(reason('disk-silent'));
    }
    this.#onChange();
  }

  async #close(file: FileHandle): Promise<void> {
    try {
      // A pipe or a device has no places to write to, and is not ours to remove.
      let isFile = false;
      let size = 0;
      try {
        const there = await file.stat();
        isFile = there.isFile();
        ({ size } = there);
        if (!this.#error && isFile) await this.#patch(file);
      } finally {
        await file.close();
      }
      if (!isFile) return;
      // Of what a full disk refused, the beginning was written.
      this.#bytes = this.#hasFrames ? this.#bytesBefore + size : 0;
      if (this.#bytes === 0) await rm(this.#path, { force: true });
    } catch (error) {
      this.#fail(whyUnwritable(error));
    }
  }

  async #patch(file: FileHandle): Promise<void> {
    for (const { position, bytes } of this.#format.patches()) {
      await file.write(bytes, 0, bytes.length, position);
    }
  }

  #append(make: () => readonly RecordingPiece[]): void {
    if (this.#error) return;
    try {
      const pieces = make();
      // Whoever writes hears of it.
      for (const piece of pieces) if (piece instanceof Promise) piece.catch(() => undefined);
      this.#pending.push(...pieces);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#failWith({ ...error.info, data: { ...error.info.data, file: this.#path } });
    }
  }

  #flush(): void {
    if (this.#file && !this.#isWriting) this.#writing = this.#write(this.#file);
  }

  async #write(file: FileHandle): Promise<void> {
    this.#isWriting = true;
    let current = file;
    try {
      while (this.#pending.length > 0 && !this.#error) {
        const [newestMs, pendingBytes] = [this.#newestMs, this.#pendingBytes];
        const made = this.#pending.splice(0).map((piece) => Promise.resolve(piece));
        for (const piece of inOnePiece(await Promise.all(made))) {
          if (piece === 'next-file') current = await this.#openNext(current);
          else {
            // writev may write less than it was given, which writeFile takes care of.
            await current.writeFile(piece);
            this.#bytes += piece.byteLength;
          }
        }
        this.#pendingBytes -= pendingBytes;
        this.#writtenMs = newestMs;
      }
    } catch (error) {
      this.#fail(whyUnwritable(error));
    } finally {
      this.#isWriting = false;
    }
  }

  async #openNext(before: FileHandle): Promise<FileHandle> {
    const { dir, name, ext } = parse(this.#path);
    for (let number = this.#otherPaths.length + 2; ; number += 1) {
      const path = join(dir, `${name}-${number}${ext}`);
      try {
        const next = await openNewFile(path);
        this.#file = next;
        this.#otherPaths.push(path);
        this.#bytesBefore = this.#bytes;
        await before.close();
        return next;
      } catch (error) {
        if (!hasCode(error, 'EEXIST') || number > mostFiles) throw error;
      }
    }
  }

  #fail(why: Wording): void {
    this.#failWith(appError('RECORDING_FAILED', { file: this.#path, reason: why }).info);
  }

  #failWith(error: AppErrorInfo): void {
    if (this.#error) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#error = error;
    this.#onChange();
  }
}

/** Bytes that follow each other, in one piece: one call of the system each. */
function inOnePiece(pieces: readonly (Uint8Array | 'next-file')[]): (Uint8Array | 'next-file')[] {
  const joined: (Uint8Array | 'next-file')[] = [];
  let bytes: Uint8Array[] = [];
  const flush = (): void => {
    if (bytes.length > 0) joined.push(Buffer.concat(bytes));
    bytes = [];
  };
  for (const piece of pieces) {
    if (piece !== 'next-file') bytes.push(piece);
    else {
      flush();
      joined.push(piece);
    }
  }
  flush();
  return joined;
}
