import { MalformedError } from '../bytes/malformed-error.js';
import {
  defaultChunkSize,
  extendedTimestampMark,
  type OutgoingChunkMessage,
} from './chunk-message.js';
import { HeaderWriter } from './header-writer.js';

/** What the next header of a chunk stream may leave out. */
interface ChunkStream {
  typeId: number;
  streamId: number;
  timestamp: number;
  length: number;
}

/** Longest chunk header: basic 3, message 11, extended timestamp 4. */
const maxHeaderLength = 18;
/** First pieces up to this length, which are headers themselves, go into the buffer of the chunk's header. */
const maxJoinedLength = 32;

/** Splits messages into chunks, RTMP 1.0 §5.3.1. */
export class ChunkWriter {
  #chunkSize = defaultChunkSize;
  readonly #streams = new Map<number, ChunkStream>();
  readonly #header = new HeaderWriter();

  /** Largest payload of one chunk, in bytes. The peer must have been told first, with a message in the old size. */
  set chunkSize(size: number) {
    this.#chunkSize = size;
  }

  /** What was written by another, from its beginning on, was sent here: the next headers go on from that. */
  continueAfter(other: ChunkWriter): void {
    for (const [id, stream] of other.#streams) this.#streams.set(id, { ...stream });
  }

  /**
   * Appends the chunks of `message` to `output`: headers, and views of the payload's pieces.
   *
   * @returns how many bytes that is.
   * @throws MalformedError when the payload is longer than a header can say (16 MiB).
   */
  write(message: OutgoingChunkMessage, output: Uint8Array[]): number {
    const { chunkStreamId, payload } = message;
    const header = this.#header;
    let length = 0;
    for (const piece of payload) length += piece.length;
    if (length > 0xffffff) throw new MalformedError(`${length} bytes do not fit a message`);

    header.begin(maxHeaderLength + maxJoinedLength);
    const extended = this.#writeHeader(message, length);

    if (length > this.#chunkSize) {
      const begun = header.finish();
      output.push(begun);
      const continuation = this.#continuationHeader(chunkStreamId, extended);
      const continuations = this.#writeSplit(payload, continuation, output);
      return begun.length + length + continuations * continuation.length;
    }
    const [first] = payload;
    const isJoined = first !== undefined && first.length <= maxJoinedLength;
    if (isJoined) header.bytes(first);
    const begun = header.finish();
    output.push(begun);
    for (let i = isJoined ? 1 : 0; i < payload.length; i++) {
      const piece = payload[i];
      if (piece !== undefined && piece.length > 0) output.push(piece);
    }
    return begun.length + length - (isJoined ? first.length : 0);
  }

  /** @returns the extended timestamp, if the header needed one. */
  #writeHeader(message: OutgoingChunkMessage, length: number): number | undefined {
    const { chunkStreamId, typeId, streamId } = message;
    const timestamp = message.timestamp >>> 0;
    const header = this.#header;
    const previous = this.#streams.get(chunkStreamId);
    // A timestamp that falls, or jumps by half the range, cannot be told as a delta.
    const delta = previous === undefined ? 0 : (timestamp - previous.timestamp) >>> 0;
    let extended: number | undefined;
    if (previous?.streamId !== streamId || delta >= 0x80000000) {
      this.#writeBasicHeader(0, chunkStreamId);
      extended = this.#writeTimestampField(timestamp);
      header.u24(length);
      header.u8(typeId);
      header.u32le(streamId);
    } else if (previous.typeId !== typeId || previous.length !== length) {
      this.#writeBasicHeader(1, chunkStreamId);
      extended = this.#writeTimestampField(delta);
      header.u24(length);
      header.u8(typeId);
    } else {
      // A type 3 header here would save three bytes, but receivers disagree on what it does to the timestamp.
      this.#writeBasicHeader(2, chunkStreamId);
      extended = this.#writeTimestampField(delta);
    }
    if (extended !== undefined) header.u32(extended);

    if (previous === undefined) {
      this.#streams.set(chunkStreamId, { typeId, streamId, timestamp, length });
    } else {
      previous.typeId = typeId;
      previous.streamId = streamId;
      previous.timestamp = timestamp;
      previous.length = length;
    }
    return extended;
  }

  /** @returns how many continuation headers it took. */
  #writeSplit(
    payload: readonly Uint8Array[],
    continuation: Uint8Array,
    output: Uint8Array[],
  ): number {
    let room = this.#chunkSize;
    let continuations = 0;
    for (const piece of payload) {
      let offset = 0;
      while (offset < piece.length) {
        if (room === 0) {
          output.push(continuation);
          continuations++;
          room = this.#chunkSize;
        }
        const part = piece.subarray(offset, offset + room);
        output.push(part);
        offset += part.length;
        room -= part.length;
      }
    }
    return continuations;
  }

  /** RTMP 1.0 §5.3.1.1; the two- and three-byte forms hold the id minus 64, the latter with its low byte first. */
  #writeBasicHeader(format: number, chunkStreamId: number): void {
    const header = this.#header;
    const high = format << 6;
    if (chunkStreamId < 64) {
      header.u8(high | chunkStreamId);
    } else if (chunkStreamId < 64 + 256) {
      header.u8(high);
      header.u8(chunkStreamId - 64);
    } else {
      const id = chunkStreamId - 64;
      header.u8(high | 1);
      header.u8(id & 0xff);
      header.u8(id >> 8);
    }
  }

  /** Writes the three-byte field; returns the value that has to follow as extended timestamp, if any. */
  #writeTimestampField(value: number): number | undefined {
    if (value < extendedTimestampMark) {
      this.#header.u24(value);
      return undefined;
    }
    this.#header.u24(extendedTimestampMark);
    return value;
  }

  /** The type 3 header between the chunks of one message; it repeats the extended timestamp, §5.3.1.3. */
  #continuationHeader(chunkStreamId: number, extended: number | undefined): Uint8Array {
    const header = this.#header;
    header.begin(maxHeaderLength);
    this.#writeBasicHeader(3, chunkStreamId);
    if (extended !== undefined) header.u32(extended);
    return header.finish();
  }
}
