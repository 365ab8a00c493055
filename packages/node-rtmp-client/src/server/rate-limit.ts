/** A token bucket: so many bytes a second, and a second's worth at once. */
export class RateLimit {
  readonly #perMs: number;
  readonly #most: number;
  #tokens: number;
  #at: number;

  /** @param now milliseconds, as for `take`. */
  constructor(bytesPerSecond: number, now: number) {
    this.#perMs = bytesPerSecond / 1000;
    this.#most = bytesPerSecond;
    this.#tokens = bytesPerSecond;
    this.#at = now;
  }

  /** Counts `bytes`; returns for how many milliseconds no more should be taken. */
  consume(bytes: number, now: number): number {
    if (this.#most === Infinity) return 0;
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs) - bytes;
    this.#at = now;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }
}
