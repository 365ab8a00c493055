const blockLength = 4096;

/**
 * Writes many short headers, one behind the other, into blocks of memory: a buffer for each would cost more than what
 * is written into it. Numbers are big-endian unless named otherwise.
 */
export class HeaderWriter {
  #block = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** Begins a header of at most `maxLength` bytes; what was written before stays as it is. */
  begin(maxLength: number): void {
    if (this.#block.length - this.#end < maxLength) {
      this.#block = new Uint8Array(Math.max(maxLength, blockLength));
      this.#end = 0;
    }
    this.#start = this.#end;
  }

  u8(value: number): void {
    this.#block[this.#end++] = value;
  }

  u24(value: number): void {
    this.u8(value >>> 16);
    this.u8(value >>> 8);
    this.u8(value);
  }

  u32(value: number): void {
    this.u8(value >>> 24);
    this.u24(value);
  }

  u32le(value: number): void {
    this.u8(value);
    this.u8(value >>> 8);
    this.u8(value >>> 16);
    this.u8(value >>> 24);
  }

  bytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.u8(byte);
  }

  /** What was written since `begin`. */
  finish(): Uint8Array {
    return this.#block.subarray(this.#start, this.#end);
  }
}
