import { hex } from '../fixtures/hex.js';

export { hex };

/**
 * Chunks written and read by hand, RTMP 1.0 §5.3.1: what judges our reader and writer must not be made of them.
 */
export const joined = (...pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(pieces));

export const filled = (length: number, byte = 0xaa): Uint8Array =>
  new Uint8Array(length).fill(byte);

const digits = (value: number, bytes: number): string =>
  value.toString(16).padStart(bytes * 2, '0');

/** A message in one chunk of type 0, on a chunk stream below 64. The receiver's chunk size must allow it. */
export function wholeMessage(header: {
  readonly chunkStreamId: number;
  readonly typeId: number;
  readonly streamId: number;
  readonly timestamp?: number;
  readonly payload: Uint8Array;
}): Uint8Array {
  const { chunkStreamId, typeId, streamId, timestamp = 0, payload } = header;
  const littleEndian = Buffer.from(hex(digits(streamId, 4))).reverse();
  return joined(
    hex(digits(chunkStreamId, 1) + digits(timestamp, 3) + digits(payload.length, 3)),
    hex(digits(typeId, 1)),
    littleEndian,
    payload,
  );
}

export interface RawChunk {
  readonly format: number;
  readonly chunkStreamId: number;
  /** The timestamp or delta as it stands in the header, extended or not; undefined in type 3. */
  readonly time: number | undefined;
  readonly length: number;
  readonly typeId: number;
  readonly streamId: number;
  /** Whether a message begins here. */
  readonly first: boolean;
  readonly data: Uint8Array;
}

interface RawChunkStream extends RawChunk {
  readonly missing: number;
  readonly extended: boolean;
}

/** Takes a byte stream apart into its chunks. Obeys Set Chunk Size, and knows only well-formed streams. */
export class RawChunkReader {
  readonly #streams = new Map<number, RawChunkStream>();
  #chunkSize = 128;
  #view = Buffer.alloc(0);
  #at = 0;

  /** @param bytes that end with a chunk. */
  read(...bytes: readonly Uint8Array[]): RawChunk[] {
    this.#view = Buffer.concat(bytes);
    this.#at = 0;
    const chunks: RawChunk[] = [];
    while (this.#at < this.#view.length) chunks.push(this.#chunk());
    return chunks;
  }

  #chunk(): RawChunk {
    const first = this.#take(1);
    const format = first >> 6;
    let chunkStreamId = first & 0x3f;
    if (chunkStreamId === 0) chunkStreamId = 64 + this.#take(1);
    else if (chunkStreamId === 1) chunkStreamId = 64 + this.#take(1) + 256 * this.#take(1);
    const before = this.#streams.get(chunkStreamId);
    let time = format < 3 ? this.#take(3) : undefined;
    const length = format < 2 ? this.#take(3) : (before?.length ?? NaN);
    const typeId = format < 2 ? this.#take(1) : (before?.typeId ?? NaN);
    const streamId =
      format === 0
        ? this.#take(1) + 256 * (this.#take(1) + 256 * (this.#take(1) + 256 * this.#take(1)))
        : (before?.streamId ?? NaN);
    const extended = format < 3 ? time === 0xffffff : (before?.extended ?? false);
    if (extended) {
      const field = this.#take(4);
      if (format < 3) time = field;
    }
    const isFirst = before === undefined || before.missing === 0;
    const missing = isFirst ? length : before.missing;
    const data = this.#view.subarray(this.#at, this.#at + Math.min(missing, this.#chunkSize));
    this.#at += data.length;
    const chunk = { format, chunkStreamId, time, length, typeId, streamId, first: isFirst, data };
    this.#streams.set(chunkStreamId, { ...chunk, missing: missing - data.length, extended });
    if (typeId === 1) this.#chunkSize = data.readUInt32BE();
    return chunk;
  }

  #take(length: number): number {
    this.#at += length;
    return this.#view.readUIntBE(this.#at - length, length);
  }
}

export const rawChunks = (...bytes: readonly Uint8Array[]): RawChunk[] =>
  new RawChunkReader().read(...bytes);
