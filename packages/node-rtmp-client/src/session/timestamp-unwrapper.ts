const range = 2 ** 32;
const halfRange = 2 ** 31;
/** Milliseconds. No frame order and no jitter goes further back. */
const jitter = 500;
/** Milliseconds. A step that comes so near to half the range is the wrap of a peer that counts in 31 bits. */
const wrapTolerance = 3_600_000;

/**
 * Turns time stamps modulo 2^32 ms (49.7 days) into ones that go on; also those of peers that mask them to 31 bits
 * (24.8 days), as SRS does.
 */
export class TimestampUnwrapper {
  #last: number | undefined;

  /** @returns milliseconds, not less than 0. */
  unwrap(timestamp: number): number {
    const last = this.#last ?? timestamp;
    // The nearest moment with that value, before or after the last one.
    const step = (timestamp - last) | 0;
    const next = last + withoutHalfRange(step, last);
    // A clock that is set to before its beginning is far ahead by what it writes: a step like any, not a standstill.
    this.#last = next < -jitter ? timestamp : Math.max(0, next);
    return this.#last;
  }
}

function withoutHalfRange(step: number, last: number): number {
  if (step < wrapTolerance - halfRange) return step + halfRange;
  // Back over the wrap, unless that were before the beginning.
  const isBack = step > halfRange - wrapTolerance && last + step >= halfRange;
  return isBack ? step - halfRange : step;
}

/** The difference from one counter modulo 2^32 to a later one. */
export const counterStep = (from: number, to: number): number =>
  (((to - from) % range) + range) % range;
