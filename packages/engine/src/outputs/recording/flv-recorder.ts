import { rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  appError,
  reason,
  type AppErrorInfo,
  type RecordingStatus,
  type Wording,
} from '@tallylight/contract';
import { FlvFileWriter, type EncodedPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { whyUnwritable } from '../../file-failure.js';
import { openNewFile } from '../../new-file.js';
import { flvMetadata } from '../flv-metadata.js';
import { MillisecondClock } from '../millisecond-clock.js';
import type { Output, OutputContext, Pressure } from '../output.js';
import type { StreamDescription } from '../stream-description.js';

/** A disk that falls this many bytes behind is given up: two minutes of 4 Mbit/s. */
const maxPendingBytes = 64 * 1024 * 1024;

/** Milliseconds in which the rest must be written when the recording ends. */
const closeMs = 10_000;

export interface FlvRecorderOptions {
  readonly id: string;
  /** The file, which must not exist; or a device or a pipe. */
  readonly path: string;
}

/**
 * Writes the broadcast to an FLV file and never drops a frame of it. At the end the file gets its duration and an index
 * to seek by. A failure ends the recording, not the broadcast: it is told in {@link status}, and what was written so far
 * stays.
 */
export class FlvRecorder implements Output {
  readonly id: string;
  readonly #path: string;
  readonly #clock = new MillisecondClock();
  #onChange: () => void = () => undefined;
  #opening: Promise<void> = Promise.resolve();
  #writer: FlvFileWriter | undefined;
  #file: FileHandle | undefined;
  #pending: Uint8Array[] = [];
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

  constructor({ id, path }: FlvRecorderOptions) {
    this.id = id;
    this.#path = path;
  }

  get status(): RecordingStatus {
    return {
      type: 'recording',
      reach: 'local',
      id: this.id,
      name: basename(this.#path),
      state: this.#state(),
      path: this.#path,
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
    const { hasAudio, video } = description;
    this.#writer = new FlvFileWriter({ hasAudio, hasVideo: video !== undefined });
    this.#append(this.#writer.header(flvMetadata(description)));
  }

  /** The new configurations come with the packets; the head of the file says how it began. */
  change(): void {
    return;
  }

  push(packet: EncodedPacket): void {
    if (!this.#writer || this.#error || this.#finishing) return;
    const rounded = this.#clock.round(packet);
    this.#newestMs = rounded.dts / 1000;
    this.#hasFrames ||= packet.type === 'frame';
    this.#append(this.#writer.item({ type: 'packet', packet: rounded }));
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
        if (!this.#error && isFile) await this.#writeIndex(file);
      } finally {
        await file.close();
      }
      if (!isFile) return;
      // Of what a full disk refused, the beginning was written.
      this.#bytes = this.#hasFrames ? size : 0;
      if (this.#bytes === 0) await rm(this.#path, { force: true });
    } catch (error) {
      this.#fail(whyUnwritable(error));
    }
  }

  async #writeIndex(file: FileHandle): Promise<void> {
    for (const { position, bytes } of this.#writer?.finish() ?? []) {
      await file.write(bytes, 0, bytes.length, position);
    }
  }

  #append(pieces: readonly Uint8Array[]): void {
    this.#pending.push(...pieces);
    for (const piece of pieces) this.#pendingBytes += piece.byteLength;
  }

  #flush(): void {
    if (this.#file && !this.#isWriting) this.#writing = this.#write(this.#file);
  }

  async #write(file: FileHandle): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#pending.length > 0 && !this.#error) {
        const newestMs = this.#newestMs;
        // One buffer a turn: writev may write less than it was given, which writeFile takes care of.
        const batch = Buffer.concat(this.#pending.splice(0));
        await file.writeFile(batch);
        this.#pendingBytes -= batch.byteLength;
        this.#bytes += batch.byteLength;
        this.#writtenMs = newestMs;
      }
    } catch (error) {
      this.#fail(whyUnwritable(error));
    } finally {
      this.#isWriting = false;
    }
  }

  #fail(why: Wording): void {
    if (this.#error) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#error = appError('RECORDING_FAILED', { file: this.#path, reason: why }).info;
    this.#onChange();
  }
}
