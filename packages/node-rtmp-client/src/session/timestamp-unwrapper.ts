const range = 2 ** 32;

/** Turns time stamps modulo 2^32 ms (49.7 days) into ones that go on. */
export class TimestampUnwrapper {
  #last: number | undefined;

  /** @returns milliseconds, not less than 0. */
  unwrap(timestamp: number): number {
    if (this.#last === undefined) {
      this.#last = timestamp;
    } else {
      // The nearest moment with that value, before or after the last one.
      const step = (timestamp - this.#last) | 0;
      this.#last = Math.max(0, this.#last + step);
    }
    return this.#last;
  }
}

/** The difference from one counter modulo 2^32 to a later one. */
export const counterStep = (from: number, to: number): number =>
  (((to - from) % range) + range) % range;
