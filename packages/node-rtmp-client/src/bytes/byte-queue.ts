import { MalformedError } from './malformed-error.js';

/**
 * Bytes that arrived in pieces, kept as the views they came in.
 *
 * What lies within one piece is handed out as a view of it; only what spans pieces is copied. Pieces pushed in must
 * not be written to afterwards.
 */
export class ByteQueue {
  #pieces: Uint8Array[] = [];
  /** Index of the first piece that has bytes left, so that taking from the front does not shift the array. */
  #first = 0;
  /** Bytes already taken of the first piece. */
  #offset = 0;
  #length = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** The byte `index` places from the front, left in the queue; undefined when it is not there yet. */
  peekU8(index = 0): number | undefined {
    let at = this.#offset + index;
    const front = this.#pieces[this.#first];
    if (front !== undefined && at < front.length) return front[at];
    for (let i = this.#first; i < this.#pieces.length; i++) {
      const piece = this.#pieces[i];
      if (piece === undefined) return undefined;
      if (at < piece.length) return piece[at];
      at -= piece.length;
    }
    return undefined;
  }

  /** The three bytes `index` places from the front as a big-endian number; they must be there. */
  peekU24(index: number): number {
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
    if (length > this.#length) return undefined;
    const piece = this.#pieces[this.#first];
    if (piece === undefined) return new Uint8Array(0);
    if (this.#offset + length <= piece.length) {
      return piece.subarray(this.#offset, this.#offset + length);
    }
    return this.#gather(length);
  }

  /** Removes and returns the first `length` bytes, which must be there. */
  take(length: number): Uint8Array {
    const bytes = this.peek(length);
    if (bytes === undefined) {
      throw new MalformedError(`Needed ${length} bytes, but only ${this.#length} are there`);
    }
    this.#drop(length);
    return bytes;
  }

  /** Removes and returns up to `length` bytes without copying: whatever the first piece still holds of them. */
  takeSome(length: number): Uint8Array {
    const piece = this.#pieces[this.#first];
    const available = piece === undefined ? 0 : piece.length - this.#offset;
    return this.take(Math.min(length, available));
  }

  /** Removes the first `length` bytes, which must be there. */
  skip(length: number): void {
    if (length > this.#length) {
      throw new MalformedError(`Needed ${length} bytes, but only ${this.#length} are there`);
    }
    this.#drop(length);
  }

  clear(): void {
    this.#pieces = [];
    this.#first = 0;
    this.#offset = 0;
    this.#length = 0;
  }

  #byteAt(index: number): number {
    const byte = this.peekU8(index);
    if (byte === undefined) {
      throw new MalformedError(`Needed ${index + 1} bytes, but only ${this.#length} are there`);
    }
    return byte;
  }

  #gather(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    let offset = this.#offset;
    for (let i = this.#first; filled < length; i++) {
      const piece = this.#pieces[i];
      if (piece === undefined) break;
      const part = piece.subarray(offset, offset + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      offset = 0;
    }
    return bytes;
  }

  #drop(length: number): void {
    this.#length -= length;
    const front = this.#pieces[this.#first];
    if (front !== undefined && this.#offset + length < front.length) {
      this.#offset += length;
      return;
    }
    if (this.#length === 0) {
      this.#pieces = [];
      this.#first = 0;
      this.#offset = 0;
      return;
    }
    let left = length;
    for (;;) {
      const piece = this.#pieces[this.#first];
      if (piece === undefined) return;
      const available = piece.length - this.#offset;
      if (left < available) break;
      left -= available;
      this.#first++;
      this.#offset = 0;
    }
    this.#offset += left;
    // Let go of taken pieces once they are most of the array.
    if (this.#first > 32 && this.#first * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#first);
      this.#first = 0;
    }
  }
}
