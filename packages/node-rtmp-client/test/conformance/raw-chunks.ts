/**
 * Chunks written and read by hand, RTMP 1.0 §5.3.1: what judges our reader and writer must not be made of them.
 */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

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

/** Takes a byte stream apart into its chunks. Obeys Set Chunk Size, and knows only well-formed streams. */
export function rawChunks(bytes: Uint8Array, chunkSize = 128): RawChunk[] {
  const view = Buffer.from(bytes);
  const last = new Map<number, RawChunk & { missing: number; extended: boolean }>();
  const chunks: RawChunk[] = [];
  let at = 0;
  const take = (length: number): number => {
    at += length;
    return view.readUIntBE(at - length, length);
  };
  while (at < view.length) {
    const first = take(1);
    const format = first >> 6;
    let chunkStreamId = first & 0x3f;
    if (chunkStreamId === 0) chunkStreamId = 64 + take(1);
    else if (chunkStreamId === 1) chunkStreamId = 64 + take(1) + 256 * take(1);
    const before = last.get(chunkStreamId);
    let time = format < 3 ? take(3) : undefined;
    const length = format < 2 ? take(3) : (before?.length ?? NaN);
    const typeId = format < 2 ? take(1) : (before?.typeId ?? NaN);
    let streamId = before?.streamId ?? NaN;
    if (format === 0) {
      streamId = view.readUInt32LE(at);
      at += 4;
    }
    const extended = format < 3 ? time === 0xffffff : (before?.extended ?? false);
    if (extended) {
      const field = take(4);
      if (format < 3) time = field;
    }
    const isFirst = before === undefined || before.missing === 0;
    const missing = isFirst ? length : before.missing;
    const data = Uint8Array.from(view.subarray(at, at + Math.min(missing, chunkSize)));
    at += data.length;
    const chunk = { format, chunkStreamId, time, length, typeId, streamId, first: isFirst, data };
    chunks.push(chunk);
    last.set(chunkStreamId, { ...chunk, missing: missing - data.length, extended });
    if (typeId === 1 && data.length === 4) chunkSize = Buffer.from(data).readUInt32BE();
  }
  return chunks;
}
