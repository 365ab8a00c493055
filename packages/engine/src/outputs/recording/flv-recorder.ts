import { open, rm, type FileHandle } from 'node:fs/promises';
import type { AppErrorInfo, RecordingStatus } from '@tallylight/contract';
import { FlvFileWriter, type AmfValue, type EncodedPacket } from 'node-rtmp-client';
import { appError } from '../../app-error.js';
import { within } from '../../deadline.js';
import { whyUnwritable } from '../../file-failure.js';

/** A disk that falls this many bytes behind is given up: two minutes of 4 Mbit/s. */
const maxPendingBytes = 64 * 1024 * 1024;

/** Milliseconds in which the rest must be written when the broadcast ends. */
const closeMs = 10_000;

/**
 * Writes the broadcast to an FLV file and never drops a frame of it. At the end the file gets its duration and an index
 * to seek by. A failure ends the recording, not the broadcast: it is told in {@link status}, and what was written so far
 * stays.
 */
export class Recorder {
  readonly #path: string;
  readonly #onChange: () => void;
  readonly #hasAudio: boolean;
  #writer: FlvFileWriter | undefined;
  #file: FileHandle | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #bytes = 0;
  #error: AppErrorInfo | undefined;

  constructor(path: string, options: { hasAudio: boolean; onChange: () => void }) {
    this.#path = path;
    this.#hasAudio = options.hasAudio;
    this.#onChange = options.onChange;
  }

  get status(): RecordingStatus {
    return {
      path: this.#path,
      bytes: this.#bytes,
      ...(this.#error && { lastError: this.#error }),
    };
  }

  /** Creates the file. One that exists is never touched. */
  async open(): Promise<void> {
    try {
      this.#file = await open(this.#path, 'wx');
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param metadata for the head of the file; asked for once, before the first packet. */
  push(packet: EncodedPacket, metadata: () => Record<string, AmfValue>): void {
    if (!this.#file || this.#error) return;
    if (!this.#writer) {
      this.#writer = new FlvFileWriter({ hasAudio: this.#hasAudio });
      this.#append(this.#writer.header(metadata()));
    }
    this.#append(this.#writer.item({ type: 'packet', packet }));
    if (this.#pendingBytes > maxPendingBytes) this.#fail(new Error('the disk is too slow'));
    else if (!this.#isWriting) this.#writing = this.#write(this.#file);
  }

  /** Writes what is left and closes the file. One without a single packet is removed. */
  async close(): Promise<void> {
    if ((await within(this.#writing, closeMs)) === 'late') {
      this.#fail(new Error('the disk does not answer'));
    }
    const file = this.#file;
    this.#file = undefined;
    try {
      try {
        if (file && !this.#error) await this.#finish(file);
      } finally {
        await file?.close();
      }
      if (file && this.#bytes === 0) await rm(this.#path, { force: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #finish(file: FileHandle): Promise<void> {
    for (const { position, bytes } of this.#writer?.finish() ?? []) {
      await file.write(bytes, 0, bytes.length, position);
    }
  }

  #append(pieces: readonly Uint8Array[]): void {
    this.#pending.push(...pieces);
    for (const piece of pieces) this.#pendingBytes += piece.byteLength;
  }

  async #write(file: FileHandle): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#pending.length > 0 && !this.#error) {
        // One buffer a turn: writev may write less than it was given, which writeFile takes care of.
        const batch = Buffer.concat(this.#pending.splice(0));
        await file.writeFile(batch);
        this.#pendingBytes -= batch.byteLength;
        this.#bytes += batch.byteLength;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isWriting = false;
    }
  }

  #fail(cause: unknown): void {
    if (this.#error) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    const data = { file: this.#path, reason: whyUnwritable(cause) };
    this.#error = appError('RECORDING_FAILED', data).info;
    this.#onChange();
  }
}
