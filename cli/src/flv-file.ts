import { appError } from '@tallylight/contract';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { MillisecondClock, whyUnwritable } from '@tallylight/engine';
import { FlvFileWriter, type FlvItem, type MediaPacket } from 'node-rtmp-client';

/**
 * An FLV file, or stdout, that is made when the first item comes: a failed attempt leaves an older file alone. It begins
 * at zero, however long the publisher's clock has been running, and goes on where that clock is set. At the end a file gets its duration and an index to seek
 * by.
 */
export class FlvFile {
  readonly #target: string | NodeJS.WritableStream;
  readonly #writer: FlvFileWriter;
  readonly #clock = new MillisecondClock();
  /** Where the file is, in microseconds. */
  #time = 0;
  #stream: NodeJS.WritableStream | undefined;
  #failure: Error | undefined;
  #bytes = 0;

  /** @param target a path, or a stream that stays open. */
  constructor(target: string | NodeJS.WritableStream) {
    this.#target = target;
    // What is written to a stream cannot be written again, so there it needs no room for an index.
    this.#writer = new FlvFileWriter(typeof target === 'string' ? {} : { maxKeyframes: 0 });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when there is room for more. @throws AppError `RECORDING_FAILED`. */
  async write(item: FlvItem): Promise<void> {
    const parts: Uint8Array[] = [];
    if (!this.#stream) {
      this.#stream = await this.#open();
      parts.push(...this.#writer.header(item.type === 'metadata' ? item.value : undefined));
      if (item.type !== 'metadata') parts.push(...this.#writer.item(this.#rebase(item)));
    } else {
      parts.push(...this.#writer.item(this.#rebase(item)));
    }
    let more = true;
    for (const part of parts) {
      this.#bytes += part.byteLength;
      more = this.#stream.write(part);
    }
    if (!more && !this.#failure) {
      await once(this.#stream, 'drain').catch(() => undefined);
    }
    if (this.#failure) throw this.#error(this.#failure);
  }

  /** Flushes. @throws AppError `RECORDING_FAILED`. */
  async close(): Promise<void> {
    const stream = this.#stream;
    if (!stream || typeof this.#target !== 'string') return;
    await new Promise<void>((resolve) => stream.end(() => resolve()));
    if (this.#failure) throw this.#error(this.#failure);
    await this.#finish(this.#target).catch((error: unknown) => {
      throw this.#error(error);
    });
  }

  async #finish(path: string): Promise<void> {
    const file = await open(path, 'r+');
    try {
      // A pipe or a device has no places to write to.
      if (!(await file.stat()).isFile()) return;
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

  async #open(): Promise<NodeJS.WritableStream> {
    if (typeof this.#target !== 'string') return this.#target;
    const stream: WriteStream = createWriteStream(this.#target);
    stream.on('error', (error) => (this.#failure = error));
    await once(stream, 'open').catch((error: unknown) => {
      throw this.#error(error);
    });
    return stream;
  }

  #error(cause: unknown): Error {
    const file = typeof this.#target === 'string' ? this.#target : 'stdout';
    return appError('RECORDING_FAILED', { file, reason: whyUnwritable(cause) }, { cause });
  }
}
