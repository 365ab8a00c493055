import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { appError } from '@tallylight/engine';
import { FlvMuxer, type FlvItem } from 'node-rtmp-client';

/** An FLV file, or stdout, that is made when the first item comes: a failed attempt leaves an older file alone. */
export class FlvFile {
  readonly #target: string | NodeJS.WritableStream;
  readonly #muxer = new FlvMuxer();
  #stream: NodeJS.WritableStream | undefined;
  #failure: Error | undefined;
  #bytes = 0;

  /** @param target a path, or a stream that stays open. */
  constructor(target: string | NodeJS.WritableStream) {
    this.#target = target;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when there is room for more. @throws AppError `RECORDING_FAILED`. */
  async write(item: FlvItem): Promise<void> {
    const parts: Uint8Array[] = [];
    if (!this.#stream) {
      this.#stream = await this.#open();
      parts.push(...this.#muxer.header());
    }
    parts.push(...this.#muxer.item(item));
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
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return appError('RECORDING_FAILED', { file, reason }, { cause });
  }
}
