import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import {
  defaultChunkSize,
  extendedTimestampMark,
  type OutgoingChunkMessage,
} from './chunk-message.js';

interface ChunkStreamState {
  readonly typeId: number;
  readonly streamId: number;
  readonly timestamp: number;
  readonly length: number;
}

/** Longest chunk header: basic 3, message 11, extended timestamp 4. */
const maxHeaderLength = 18;

/** Splits messages into chunks, RTMP 1.0 §5.3.1. */
export class ChunkWriter {
  #chunkSize = defaultChunkSize;
  readonly #streams = new Map<number, ChunkStreamState>();

  /** Largest payload of one chunk, in bytes. The peer must have been told first, with a message in the old size. */
  set chunkSize(size: number) {
    this.#chunkSize = size;
  }

  /**
   * Appends the chunks of `message` to `output`: headers, and views of the payload's pieces.
   *
   * @throws MalformedError when the payload is longer than a header can say (16 MiB).
   */
  write(message: OutgoingChunkMessage, output: Uint8Array[]): void {
    const { chunkStreamId, typeId, streamId, payload } = message;
    const timestamp = message.timestamp >>> 0;
    let length = 0;
    for (const piece of payload) length += piece.length;
    if (length > 0xffffff) throw new MalformedError(`${length} bytes do not fit a message`);

    const previous = this.#streams.get(chunkStreamId);
    this.#streams.set(chunkStreamId, { typeId, streamId, timestamp, length });

    const header = new ByteWriter(maxHeaderLength);
    let extended: number | undefined;
    // A timestamp that falls, or jumps by half the range, cannot be told as a delta.
    const delta = previous === undefined ? 0 : (timestamp - previous.timestamp) >>> 0;
    if (previous?.streamId !== streamId || delta >= 0x80000000) {
      writeBasicHeader(header, 0, chunkStreamId);
      extended = writeTimestampField(header, timestamp);
      header.u24(length).u8(typeId).u32le(streamId);
    } else if (previous.typeId !== typeId || previous.length !== length) {
      writeBasicHeader(header, 1, chunkStreamId);
      extended = writeTimestampField(header, delta);
      header.u24(length).u8(typeId);
    } else {
      // A type 3 header here would save three bytes, but receivers disagree on what it does to the timestamp.
      writeBasicHeader(header, 2, chunkStreamId);
      extended = writeTimestampField(header, delta);
    }
    if (extended !== undefined) header.u32(extended);
    output.push(header.finish());

    if (length <= this.#chunkSize) {
      for (const piece of payload) if (piece.length > 0) output.push(piece);
    } else {
      this.#writeSplit(message, continuationHeader(chunkStreamId, extended), output);
    }
  }

  #writeSplit(message: OutgoingChunkMessage, continuation: Uint8Array, output: Uint8Array[]): void {
    let room = this.#chunkSize;
    for (const piece of message.payload) {
      let offset = 0;
      while (offset < piece.length) {
        if (room === 0) {
          output.push(continuation);
          room = this.#chunkSize;
        }
        const part = piece.subarray(offset, offset + room);
        output.push(part);
        offset += part.length;
        room -= part.length;
      }
    }
  }
}

/** RTMP 1.0 §5.3.1.1; the two- and three-byte forms hold the id minus 64, the latter with its low byte first. */
function writeBasicHeader(writer: ByteWriter, format: number, chunkStreamId: number): void {
  const high = format << 6;
  if (chunkStreamId < 64) {
    writer.u8(high | chunkStreamId);
  } else if (chunkStreamId < 64 + 256) {
    writer.u8(high).u8(chunkStreamId - 64);
  } else {
    const id = chunkStreamId - 64;
    writer
      .u8(high | 1)
      .u8(id & 0xff)
      .u8(id >> 8);
  }
}

/** Writes the three-byte field; returns the value that has to follow as extended timestamp, if any. */
function writeTimestampField(writer: ByteWriter, value: number): number | undefined {
  if (value < extendedTimestampMark) {
    writer.u24(value);
    return undefined;
  }
  writer.u24(extendedTimestampMark);
  return value;
}

/** The type 3 header between the chunks of one message; it repeats the extended timestamp, §5.3.1.3. */
function continuationHeader(chunkStreamId: number, extended: number | undefined): Uint8Array {
  const writer = new ByteWriter(7);
  writeBasicHeader(writer, 3, chunkStreamId);
  if (extended !== undefined) writer.u32(extended);
  return writer.finish();
}
