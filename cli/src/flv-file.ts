import { appError, reason, type Wording } from '@tallylight/contract';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { MillisecondClock, openNewFile, whyUnwritable } from '@tallylight/engine';
import { FlvFileWriter, type FlvItem, type MediaPacket } from 'node-rtmp-client';

/**
 * A new FLV file, or stdout. It begins at zero, however long the publisher's clock has been running, and goes on where
 * that clock is set. At the end a file gets its duration and an index to seek by; one without a frame is removed.
 */
export class FlvFile {
  readonly #path: string | undefined;
  readonly #stream: NodeJS.WritableStream;
  /** From the beginning: one that fails closes itself, before anybody asks for it. */
  readonly #closed: Promise<void>;
  readonly #writer: FlvFileWriter;
  readonly #clock = new MillisecondClock();
  /** Where the file is, in microseconds. */
  #time = 0;
  #failure: unknown;
  #isBegun = false;
  #bytes = 0;
  #hasFrames = false;

  private constructor(stream: NodeJS.WritableStream, path?: string) {
    this.#path = path;
    this.#stream = stream;
    // What is written to a stream cannot be written again, so there it needs no room for an index.
    this.#writer = new FlvFileWriter(path === undefined ? { maxKeyframes: 0 } : {});
    this.#closed = new Promise((resolve) => stream.once('close', () => resolve()));
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /**
   * @param target a path, or a stream that stays open.
   * @throws AppError `INVALID_OPTION` when the file exists, or cannot be written.
   */
  static async open(target: string | NodeJS.WritableStream): Promise<FlvFile> {
    if (typeof target !== 'string') return new FlvFile(target);
    try {
      const fd = await openNewFile(target);
      return new FlvFile(createWriteStream(target, { fd }), target);
    } catch (error) {
      const why = reason('file-not-written', { file: target, why: whyUnwritable(error) });
      throw appError('INVALID_OPTION', { reason: why }, { cause: error });
    }
  }

  /** What was written so far, of what was given; after {@link close} the size of the file, and 0 of one that is gone. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when there is room for more. @throws AppError `FILE_UNWRITABLE`. */
  async write(item: FlvItem): Promise<void> {
    const parts: Uint8Array[] = [];
    this.#hasFrames ||= 'packet' in item && item.packet.type === 'frame';
    if (!this.#isBegun) {
      this.#isBegun = true;
      parts.push(...this.#writer.header(item.type === 'metadata' ? item.value : undefined));
      if (item.type !== 'metadata') parts.push(...this.#writer.item(this.#rebase(item)));
    } else {
      parts.push(...this.#writer.item(this.#rebase(item)));
    }
    let more = true;
    for (const part of parts) {
      more = this.#stream.write(part, (error) => {
        if (!error) this.#bytes += part.byteLength;
      });
    }
    if (!more && this.#failure === undefined) {
      await once(this.#stream, 'drain').catch(() => undefined);
    }
    this.#throwFailure();
  }

  /** Flushes. @throws AppError `FILE_UNWRITABLE`. */
  async close(): Promise<void> {
    const path = this.#path;
    if (path === undefined) {
      this.#throwFailure();
      return;
    }
    this.#stream.end();
    await this.#closed;
    try {
      await this.#finish(path);
    } catch (error) {
      this.#failure ??= error;
    }
    this.#throwFailure();
  }

  async #finish(path: string): Promise<void> {
    const file = await open(path, 'r+');
    try {
      // A pipe or a device has no places to write to.
      const there = await file.stat();
      if (!there.isFile()) return;
      // Of what a full disk refused, the beginning was written.
      this.#bytes = this.#hasFrames ? there.size : 0;
      if (this.#bytes === 0) await rm(path);
      if (this.#bytes === 0 || this.#failure !== undefined) return;
      for (const { position, bytes } of this.#writer.finish()) {
        await file.write(bytes, 0, bytes.length, position);
      }
    } finally {
      await file.close();
    }
  }

  /** What is no frame goes with the frame before it: what a server keeps for late joiners has a time from long ago. */
  #rebase(item: FlvItem): FlvItem {
    switch (item.type) {
      case 'metadata':
        return item;
      case 'packet':
        return { type: 'packet', packet: this.#rebasePacket(item.packet) };
      case 'opaque':
        return { type: 'opaque', packet: this.#rebasePacket(item.packet) };
      default:
        return { ...item, timestamp: this.#time };
    }
  }

  #rebasePacket<Packet extends MediaPacket>(packet: Packet): Packet {
    if (packet.type === 'config') return { ...packet, pts: this.#time, dts: this.#time };
    const frame = this.#clock.round(packet);
    this.#time = Math.max(this.#time, frame.dts);
    return frame;
  }

  #throwFailure(): void {
    const cause = this.#failure;
    if (cause === undefined) return;
    const file: Wording = this.#path ?? reason('standard-output');
    throw appError('FILE_UNWRITABLE', { file, reason: whyUnwritable(cause) }, { cause });
  }
}
