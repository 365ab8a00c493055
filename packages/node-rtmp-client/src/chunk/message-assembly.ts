import { uninitializedBytes } from '../bytes/uninitialized-bytes.js';

const firstCapacity = 64 * 1024;

/** A message that arrives in pieces. Memory grows with what has arrived, not with the length that was announced. */
export class MessageAssembly {
  readonly #length: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #received = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get received(): number {
    return this.#received;
  }

  get missing(): number {
    return this.#length - this.#received;
  }

  append(bytes: Uint8Array): void {
    const needed = this.#received + bytes.length;
    if (needed > this.#bytes.length) {
      const capacity = Math.max(needed, this.#bytes.length * 2, firstCapacity);
      const grown = uninitializedBytes(Math.min(capacity, this.#length));
      grown.set(this.#bytes.subarray(0, this.#received));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#received);
    this.#received = needed;
  }

  /** What has been received: all of it, once nothing is missing. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#received);
  }
}
