import type { ByteQueue } from '../bytes/byte-queue.js';

/** A header of type 3 within a message whose last header had an extended timestamp. */
export interface ContinuationHeader {
  /** Where the four bytes would stand, in the queue. */
  readonly at: number;
  /** Payload bytes of this chunk, and of the chunks of the message after it. */
  readonly left: number;
  readonly after: number;
  /** What a peer that writes the field may have put there, first what the specification wants; undefined is nothing. */
  readonly values: readonly (number | undefined)[];
  /** Whether a chunk may begin at this place of the queue, as far as its first four bytes tell. */
  readonly mayBegin: (at: number) => boolean;
  /** Whether the message goes on with a type 3 header at this place. */
  readonly goesOn: (at: number) => boolean;
}

const fieldLength = 4;

/**
 * What the peer does with the extended timestamp in type 3 headers. RTMP 1.0 §5.3.1.3 wants it repeated, but some leave
 * it out, some write zeros (MediaMTX), and some a value of their own.
 *
 * It is a habit of the peer's code, so it is found out at the first such header of a connection and then kept: payload
 * that happens to look like a timestamp is not taken for one afterwards, nor a strange timestamp for payload.
 *
 * Which it is, is decided by the same bytes however they are cut.
 */
export class ContinuationTimestamps {
  #inMessages: 'written' | 'omitted' | undefined;
  #atStarts: 'written' | 'omitted' | undefined;

  /** @returns how many bytes the field takes in this header; undefined when more bytes are needed to tell. */
  lengthWithin(input: ByteQueue, header: ContinuationHeader): number | undefined {
    this.#inMessages ??= decide(input, header);
    if (this.#inMessages === undefined) return undefined;
    return this.#inMessages === 'written' ? fieldLength : 0;
  }

  /**
   * The same for a type 3 header that begins a message. Who leaves the field out within messages may well write it here.
   */
  lengthAtStart(
    input: ByteQueue,
    at: number,
    values: readonly (number | undefined)[],
  ): number | undefined {
    if (this.#inMessages !== 'omitted') return fieldLength;
    if (this.#atStarts === undefined) {
      const match = compare(input, at, values);
      if (match === 'partly') return undefined;
      this.#atStarts = match === 'no' ? 'omitted' : 'written';
    }
    return this.#atStarts === 'written' ? fieldLength : 0;
  }
}

function decide(input: ByteQueue, header: ContinuationHeader): 'written' | 'omitted' | undefined {
  const { at, left, after, values, mayBegin } = header;
  const match = compare(input, at, values);
  if (match === 'partly') return undefined;
  if (match === 'no') return decideByNext(input, header);
  // What the specification wants is not doubted at the end of a message: to wait for the next might be to wait for ever.
  if (after === 0 && input.peekU32(at) === values[0]) return 'written';
  // Payload may look the same. If it does, the next chunk begins where the field would make payload end short of it.
  const end = at + fieldLength + left;
  if (input.length < end) return undefined;
  if (!mayBegin(at + left)) return 'written';
  if (input.length < end + fieldLength) return undefined;
  return mayBegin(end) ? 'written' : 'omitted';
}

/** For bytes that nobody is known to write: payload, unless the message goes on where it would behind a field. */
function decideByNext(
  input: ByteQueue,
  { at, left, after, goesOn }: ContinuationHeader,
): 'written' | 'omitted' | undefined {
  // Here, too, the next message may never come.
  if (after === 0) return 'omitted';
  const next = at + left;
  // Of this message alone; the shortest header has one byte.
  if (input.length < next + Math.min(1 + after, fieldLength + 3)) return undefined;
  return !goesOn(next) && goesOn(next + fieldLength) ? 'written' : 'omitted';
}

/** Whether one of the values stands there; 'partly' when that is not all there and may be one. */
function compare(
  input: ByteQueue,
  at: number,
  values: readonly (number | undefined)[],
): 'yes' | 'no' | 'partly' {
  const there = Math.min(fieldLength, input.length - at);
  for (const value of values) {
    if (value === undefined) continue;
    let same = 0;
    while (same < there && input.peekU8(at + same) === ((value >>> (24 - 8 * same)) & 0xff)) same++;
    if (same === there) return there === fieldLength ? 'yes' : 'partly';
  }
  return 'no';
}
