import type { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { defaultChunkSize, extendedTimestampMark, type ChunkMessage } from './chunk-message.js';
import { ContinuationTimestamps } from './continuation-timestamps.js';
import { MessageAssembly } from './message-assembly.js';

export interface ChunkReaderLimits {
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
  /** How many chunk streams a peer may use. */
  readonly maxChunkStreams: number;
  /** Bytes of unfinished messages, over all chunk streams. */
  readonly maxPendingBytes: number;
}

export const defaultChunkReaderLimits: ChunkReaderLimits = {
  maxMessageBytes: 8 * 1024 * 1024,
  maxChunkStreams: 64,
  maxPendingBytes: 16 * 1024 * 1024,
};

/** What the next header of a chunk stream may leave out, and the message under construction. */
interface ChunkStream {
  timestamp: number;
  /** Of the message before. */
  previousTimestamp: number;
  /** The timestamp or delta of the header that began the message: the delta of one that begins with type 3. */
  timestampField: number;
  /** The extended timestamp of the last header of type 0, 1 or 2: what a type 3 header repeats. */
  extended: number | undefined;
  length: number;
  typeId: number;
  streamId: number;
  assembly: MessageAssembly | undefined;
}

const messageHeaderLengths = [11, 7, 3, 0] as const;
/** Milliseconds. No more than that lies between one message and the next of a chunk stream, as a rule. */
const usualStep = 60_000;

/**
 * Puts messages together from their chunks, RTMP 1.0 §5.3.1.
 *
 * Messages are pulled one at a time, since a message may change how the bytes after it are to be read
 * (`chunkSize`, `abort`).
 */
export class ChunkReader {
  readonly #input: ByteQueue;
  readonly #limits: ChunkReaderLimits;
  readonly #streams = new Map<number, ChunkStream>();
  readonly #continuationTimestamps = new ContinuationTimestamps();
  #chunkSize = defaultChunkSize;
  #pendingBytes = 0;
  /** The chunk whose header has been taken and whose payload has not all arrived. */
  #current: ChunkStream | undefined;
  /** Payload bytes of the current chunk that have not arrived. */
  #left = 0;

  /** @param input where the received bytes are pushed; the reader takes them from there. */
  constructor(input: ByteQueue, limits: ChunkReaderLimits = defaultChunkReaderLimits) {
    this.#input = input;
    this.#limits = limits;
  }

  set chunkSize(size: number) {
    this.#chunkSize = size;
  }

  /** Forgets the unfinished message of a chunk stream, RTMP 1.0 §5.4.2. */
  abort(chunkStreamId: number): void {
    const stream = this.#streams.get(chunkStreamId);
    if (stream?.assembly === undefined) return;
    this.#pendingBytes -= stream.assembly.received;
    stream.assembly = undefined;
  }

  /**
   * The next complete message; undefined until more bytes arrive.
   *
   * @throws MalformedError; the reader is of no use afterwards.
   */
  next(): ChunkMessage | undefined {
    for (;;) {
      if (this.#current === undefined && !this.#readHeader()) return undefined;
      const message = this.#readPayload();
      if (message !== undefined) return message;
      if (this.#current !== undefined) return undefined;
    }
  }

  #startChunk(stream: ChunkStream, headerLength: number): true {
    this.#input.skip(headerLength);
    this.#current = stream;
    this.#left = Math.min(this.#chunkSize, stream.assembly?.missing ?? stream.length);
    return true;
  }

  #readPayload(): ChunkMessage | undefined {
    const stream = this.#current;
    if (stream === undefined) return undefined;
    if (this.#left === stream.length && this.#input.length >= this.#left) {
      // The whole message in one chunk, all there: no need to assemble anything.
      const payload = this.#input.read(this.#left);
      return this.#complete(stream, payload);
    }
    const assembly = (stream.assembly ??= new MessageAssembly(stream.length));
    while (this.#left > 0) {
      const bytes = this.#input.readSome(this.#left);
      if (bytes.length === 0) return undefined;
      this.#left -= bytes.length;
      this.#pendingBytes += bytes.length;
      if (this.#pendingBytes > this.#limits.maxPendingBytes) {
        throw new MalformedError('Too many unfinished messages');
      }
      assembly.append(bytes);
    }
    if (assembly.missing > 0) {
      this.#current = undefined;
      return undefined;
    }
    this.#pendingBytes -= assembly.received;
    return this.#complete(stream, assembly.finish());
  }

  #complete(stream: ChunkStream, payload: Uint8Array): ChunkMessage {
    stream.assembly = undefined;
    this.#current = undefined;
    const { typeId, streamId, timestamp } = stream;
    return { typeId, streamId, timestamp, payload };
  }

  /**
   * Begins the next chunk, if its header is there; one that has half arrived stays in the queue and changes nothing.
   */
  #readHeader(): boolean {
    const first = this.#input.peekU8();
    if (first === undefined) return false;
    const format = (first >> 6) as 0 | 1 | 2 | 3;
    const idField = first & 0x3f;
    const basicLength = idField === 0 ? 2 : idField === 1 ? 3 : 1;
    const fixedLength = basicLength + messageHeaderLengths[format];
    if (this.#input.length < fixedLength) return false;
    const chunkStreamId = this.#peekChunkStreamId(idField);
    const known = this.#streams.get(chunkStreamId);

    if (format === 3) return this.#continueStream(chunkStreamId, known, fixedLength);
    // Some clients open a chunk stream with type 1, which lacks only the message stream id. Type 2 lacks the length.
    if (known === undefined && format === 2) {
      throw new MalformedError(`Chunk stream ${chunkStreamId} begins without a message length`);
    }
    const at = basicLength;
    let timestampField = this.#input.peekU24(at);
    const length = format < 2 ? this.#input.peekU24(at + 3) : (known?.length ?? 0);
    const typeId = format < 2 ? (this.#input.peekU8(at + 6) ?? 0) : (known?.typeId ?? 0);
    const streamId = format === 0 ? this.#input.peekU32le(at + 7) : (known?.streamId ?? 0);
    if (length > this.#limits.maxMessageBytes) {
      throw new MalformedError(`A message of ${length} bytes is more than is allowed`);
    }
    let extended: number | undefined;
    if (timestampField === extendedTimestampMark) {
      extended = this.#peekExtended(fixedLength);
      if (extended === undefined) return false;
      timestampField = extended;
    }
    const headerLength = fixedLength + (extended === undefined ? 0 : 4);
    if (known?.assembly !== undefined) {
      const isSame =
        length === known.length &&
        typeId === known.typeId &&
        (format > 0 || (streamId === known.streamId && timestampField === known.timestamp));
      if (!isSame) {
        throw new MalformedError(
          `A message begins within another on chunk stream ${chunkStreamId}`,
        );
      }
      // Some continue a message with a header that says again what it is. Its time is that of its first header.
      known.extended = extended;
      return this.#startChunk(known, headerLength);
    }
    const stream = known ?? this.#openStream(chunkStreamId);
    stream.previousTimestamp = stream.timestamp;
    stream.timestamp = format === 0 ? timestampField : (stream.timestamp + timestampField) >>> 0;
    stream.timestampField = timestampField;
    stream.extended = extended;
    stream.length = length;
    stream.typeId = typeId;
    stream.streamId = streamId;
    return this.#startChunk(stream, headerLength);
  }

  /** A type 3 header: the next chunk of a message, or a new message like the one before. */
  #continueStream(
    chunkStreamId: number,
    stream: ChunkStream | undefined,
    fixedLength: number,
  ): boolean {
    if (stream === undefined) {
      throw new MalformedError(`Chunk stream ${chunkStreamId} begins without a header`);
    }
    let headerLength = fixedLength;
    if (stream.extended !== undefined) {
      const field = this.#continuationField(chunkStreamId, stream, fixedLength);
      if (field === undefined) return false;
      headerLength += field;
      if (this.#input.length < headerLength) return false;
    }
    if (stream.assembly === undefined) {
      // §5.3.1.2.4: the delta again; after a type 0 header that is its timestamp.
      stream.previousTimestamp = stream.timestamp;
      stream.timestamp = (stream.timestamp + stream.timestampField) >>> 0;
    }
    return this.#startChunk(stream, headerLength);
  }

  /** @returns the length of the extended timestamp in a type 3 header; undefined until that can be told. */
  #continuationField(chunkStreamId: number, stream: ChunkStream, at: number): number | undefined {
    const { assembly, timestamp, extended } = stream;
    const input = this.#input;
    const habit = this.#continuationTimestamps;
    if (assembly === undefined) {
      const next = (timestamp + stream.timestampField) >>> 0;
      return habit.lengthAtStart(input, at, [extended, timestamp, next, 0]);
    }
    const left = Math.min(this.#chunkSize, assembly.missing);
    const after = assembly.missing - left;
    const step = (timestamp - stream.previousTimestamp) >>> 0;
    return habit.lengthWithin(input, {
      ...{ at, left, after },
      values: [extended, timestamp, 0, step, stream.previousTimestamp, extendedTimestampMark],
      mayBegin: (place) => this.#mayBegin(place, stream, after > 0),
      goesOn: (place) => this.#isContinuation(place, chunkStreamId),
    });
  }

  /**
   * Whether the four bytes there may begin a chunk, after one of `current`. Strict: of chunk streams that are known, and
   * with a usual time.
   */
  #mayBegin(place: number, current: ChunkStream, isUnfinished: boolean): boolean {
    const first = this.#input.peekU8(place) ?? 0;
    const idField = first & 0x3f;
    const stream = this.#streams.get(this.#peekChunkStreamId(idField, place));
    if (stream === undefined) return false;
    const continues = stream === current ? isUnfinished : stream.assembly !== undefined;
    const format = first >> 6;
    if (format === 3 || continues) return format === 3 && continues;
    // Of a longer basic header no more is there than the chunk stream.
    if (idField < 2) return true;
    const time = this.#input.peekU24(place + 1);
    if (time === 0 || time === extendedTimestampMark) return true;
    return Math.abs(format === 0 ? time - stream.timestamp : time) <= usualStep;
  }

  #isContinuation(place: number, chunkStreamId: number): boolean {
    const first = this.#input.peekU8(place) ?? 0;
    return first >> 6 === 3 && this.#peekChunkStreamId(first & 0x3f, place) === chunkStreamId;
  }

  #peekExtended(offset: number): number | undefined {
    return this.#input.length < offset + 4 ? undefined : this.#input.peekU32(offset);
  }

  /** RTMP 1.0 §5.3.1.1; the bytes must be there. */
  #peekChunkStreamId(idField: number, at = 0): number {
    if (idField > 1) return idField;
    const low = 64 + (this.#input.peekU8(at + 1) ?? 0);
    return idField === 0 ? low : low + (this.#input.peekU8(at + 2) ?? 0) * 256;
  }

  #openStream(chunkStreamId: number): ChunkStream {
    if (this.#streams.size >= this.#limits.maxChunkStreams) {
      throw new MalformedError('Too many chunk streams');
    }
    const stream: ChunkStream = {
      timestamp: 0,
      previousTimestamp: 0,
      timestampField: 0,
      extended: undefined,
      length: 0,
      typeId: 0,
      streamId: 0,
      assembly: undefined,
    };
    this.#streams.set(chunkStreamId, stream);
    return stream;
  }
}
