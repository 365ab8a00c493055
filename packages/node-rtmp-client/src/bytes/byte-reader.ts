import { MalformedError } from './malformed-error.js';

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A cursor over bytes. Multi-byte numbers are big-endian unless named otherwise; every read is checked. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** Bytes left to read. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** The next byte, left where it is; undefined at the end. */
  peekU8(): number | undefined {
    return this.#bytes[this.#position];
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u24(): number {
    const at = this.#advance(3);
    return this.#view.getUint16(at) * 0x100 + this.#view.getUint8(at + 2);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  u32le(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  i24(): number {
    const at = this.#advance(3);
    return this.#view.getInt16(at) * 0x100 + this.#view.getUint8(at + 2);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** The next `length` bytes as a view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** The next `length` bytes as UTF-8 text; invalid sequences become U+FFFD. */
  text(length: number): string {
    return textDecoder.decode(this.bytes(length));
  }

  skip(length: number): void {
    this.#advance(length);
  }

  #advance(length: number): number {
    const at = this.#position;
    if (length > this.#bytes.length - at) {
      throw new MalformedError(
        `Needed ${length} bytes at offset ${at}, but only ${this.#bytes.length - at} are left`,
      );
    }
    this.#position = at + length;
    return at;
  }
}
