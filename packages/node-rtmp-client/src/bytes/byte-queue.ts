import { MalformedError } from './malformed-error.js';
import { uninitializedBytes } from './uninitialized-bytes.js';

const empty = new Uint8Array(0);

/**
 * Bytes that arrived in pieces, kept as the views they came in.
 *
 * What lies within one piece is handed out as a view of it; only what spans pieces is copied. Pieces pushed in must
 * not be written to afterwards.
 */
export class ByteQueue {
  /** The piece that is being taken from: nearly all that is asked for lies in it. */
  #front: Uint8Array = empty;
  /** Bytes already taken of it. */
  #offset = 0;
  /** The pieces behind it. */
  #rest: Uint8Array[] = [];
  /** Index of the first of them that is left, so that taking from the front does not shift the array. */
  #next = 0;
  #length = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#length === 0) this.#front = bytes;
    else this.#rest.push(bytes);
    this.#length += bytes.length;
  }

  /** The byte `index` places from the front, left in the queue; undefined when it is not there yet. */
  peekU8(index = 0): number | undefined {
    const at = this.#offset + index;
    return at < this.#front.length ? this.#front[at] : this.#peekBehind(at - this.#front.length);
  }

  /** The three bytes `index` places from the front as a big-endian number; they must be there. */
  peekU24(index: number): number {
    const front = this.#front;
    const at = this.#offset + index;
    if (at + 2 < front.length) {
      return ((front[at] ?? 0) << 16) | ((front[at + 1] ?? 0) << 8) | (front[at + 2] ?? 0);
    }
    return (this.#byteAt(index) << 16) | (this.#byteAt(index + 1) << 8) | this.#byteAt(index + 2);
  }

  /** As `peekU24`, four bytes. */
  peekU32(index: number): number {
    return this.#byteAt(index) * 0x1000000 + this.peekU24(index + 1);
  }

  /** As `peekU32`, little-endian. */
  peekU32le(index: number): number {
    const low = this.#byteAt(index) | (this.#byteAt(index + 1) << 8);
    return this.#byteAt(index + 3) * 0x1000000 + ((this.#byteAt(index + 2) << 16) | low);
  }

  /** The first `length` bytes, left in the queue; undefined when fewer are there. */
  peek(length: number): Uint8Array | undefined {
    const end = this.#offset + length;
    if (end <= this.#front.length) return this.#front.subarray(this.#offset, end);
    return length > this.#length ? undefined : this.#gather(length);
  }

  /** Removes and returns the first `length` bytes, which must be there. */
  read(length: number): Uint8Array {
    const bytes = this.peek(length);
    if (bytes === undefined) this.#failShort(length);
    this.#drop(length);
    return bytes;
  }

  /** Removes and returns up to `length` bytes without copying: whatever the first piece still holds of them. */
  readSome(length: number): Uint8Array {
    return this.read(Math.min(length, this.#front.length - this.#offset));
  }

  /** Removes the first `length` bytes, which must be there. */
  skip(length: number): void {
    if (length > this.#length) this.#failShort(length);
    this.#drop(length);
  }

  clear(): void {
    this.#front = empty;
    this.#offset = 0;
    if (this.#rest.length > 0) this.#rest = [];
    this.#next = 0;
    this.#length = 0;
  }

  #failShort(length: number): never {
    throw new MalformedError(`Needed ${length} bytes, but only ${this.#length} are there`);
  }

  #byteAt(index: number): number {
    return this.peekU8(index) ?? this.#failShort(index + 1);
  }

  /** The byte `index` places behind the front piece. */
  #peekBehind(index: number): number | undefined {
    let at = index;
    for (let i = this.#next; i < this.#rest.length; i++) {
      const piece = this.#rest[i] ?? empty;
      if (at < piece.length) return piece[at];
      at -= piece.length;
    }
    return undefined;
  }

  #gather(length: number): Uint8Array {
    const bytes = uninitializedBytes(length);
    bytes.set(this.#front.subarray(this.#offset));
    let filled = this.#front.length - this.#offset;
    for (let i = this.#next; filled < length; i++) {
      const piece = this.#rest[i];
      if (piece === undefined) this.#failShort(length);
      bytes.set(piece.subarray(0, length - filled), filled);
      filled += piece.length;
    }
    return bytes;
  }

  #drop(length: number): void {
    this.#length -= length;
    this.#offset += length;
    if (this.#offset >= this.#front.length) this.#nextFront();
  }

  /** Lets go of the pieces that have been taken whole. */
  #nextFront(): void {
    if (this.#length === 0) {
      this.clear();
      return;
    }
    while (this.#offset >= this.#front.length) {
      this.#offset -= this.#front.length;
      const piece = this.#rest[this.#next++];
      // Only when one was detached while it waited.
      if (piece === undefined) this.#failShort(this.#length);
      this.#front = piece;
    }
    // The array is shortened once most of it has been taken.
    if (this.#next > 32 && this.#next * 2 > this.#rest.length) {
      this.#rest = this.#rest.slice(this.#next);
      this.#next = 0;
    }
  }
}
