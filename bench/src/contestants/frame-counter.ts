/** Peers count what comes before the first message: the version, and two blocks of the handshake. */
const handshakeBytes = 1 + 1536 * 2;
const typeVideo = 9;
const typeSetChunkSize = 1;
const extendedMark = 0xffffff;

interface ChunkStream {
  typeId: number;
  timestamp: number;
  length: number;
  /** Of the message that has begun. */
  received: number;
}

/**
 * Follows the chunks of one player's connection and counts the messages of video in it, without keeping any. A reader of
 * its own, so that what is measured does not judge itself.
 */
export class FrameCounter {
  #bytes = Buffer.alloc(0);
  #skip = handshakeBytes;
  #chunkSize = 128;
  readonly #streams = new Map<number, ChunkStream>();
  #current: ChunkStream | undefined;
  readonly #frameMs: number;
  frames = 0;
  /** Of the newest frame, milliseconds. */
  newest = -1;
  /** Frames that are missing between others, as their times tell. */
  missing = 0;

  /** @param frameMs between two frames. */
  constructor(frameMs: number) {
    this.#frameMs = frameMs;
  }

  push(data: Buffer): void {
    let bytes = this.#bytes.length === 0 ? data : Buffer.concat([this.#bytes, data]);
    for (;;) {
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      bytes = bytes.subarray(skipped);
      if (this.#skip > 0) break;
      if (this.#current !== undefined) this.#endChunk(this.#current);
      const used = this.#header(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.#bytes = Buffer.from(bytes);
  }

  /** @returns the length of the header that these bytes begin with; 0 while it is not all there. */
  #header(bytes: Buffer): number {
    const [first = 0, second = 0, third = 0] = bytes;
    const basic = (first & 63) === 0 ? 2 : (first & 63) === 1 ? 3 : 1;
    const id = basic === 1 ? first & 63 : 64 + second + (basic === 3 ? third * 256 : 0);
    const format = first >> 6;
    const fields = [11, 7, 3, 0][format] ?? 0;
    // With what may follow, and the value of a new chunk size, so that it is read at once.
    if (bytes.length < basic + fields + 8) return 0;
    const known = this.#streams.get(id);
    const stream = known ?? { typeId: 0, timestamp: 0, length: 0, received: 0 };
    if (known === undefined) this.#streams.set(id, stream);
    let used = basic + fields;
    if (format < 3) {
      let time = bytes.readUIntBE(basic, 3);
      if (time === extendedMark) {
        time = bytes.readUInt32BE(used);
        used += 4;
      }
      stream.timestamp = format === 0 ? time : stream.timestamp + time;
    }
    if (format < 2) {
      stream.length = bytes.readUIntBE(basic + 3, 3);
      stream.typeId = bytes[basic + 6] ?? 0;
    }
    if (stream.received === 0 && stream.typeId === typeVideo) this.#frame(stream.timestamp);
    if (stream.typeId === typeSetChunkSize) this.#chunkSize = bytes.readUInt32BE(used);
    const part = Math.min(this.#chunkSize, stream.length - stream.received);
    stream.received += part;
    this.#skip = part;
    this.#current = stream;
    return used;
  }

  #endChunk(stream: ChunkStream): void {
    if (stream.received === stream.length) stream.received = 0;
    this.#current = undefined;
  }

  #frame(timestamp: number): void {
    this.frames += 1;
    // A configuration has the time of the frame behind it, and a server that repeats some goes back.
    if (this.newest >= 0 && timestamp > this.newest)
      this.missing += Math.max(0, Math.round((timestamp - this.newest) / this.#frameMs) - 1);
    this.newest = Math.max(this.newest, timestamp);
  }
}
