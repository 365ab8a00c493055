const windowMs = 2_000;
const bucketMs = 250;

/** Bits a second over the last two seconds, from what is added as it goes by. */
export class RateMeter {
  readonly #now: () => number;
  /** Bytes by the quarter of a second in which they went by, oldest first. */
  #buckets: { readonly slot: number; bytes: number }[] = [];
  #firstSlot: number | undefined;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(bytes: number): void {
    const slot = this.#slot();
    this.#firstSlot ??= slot;
    const newest = this.#buckets.at(-1);
    if (newest?.slot === slot) newest.bytes += bytes;
    else this.#buckets.push({ slot, bytes });
    this.#buckets = this.#buckets.filter((bucket) => bucket.slot > slot - windowMs / bucketMs);
  }

  get bitsPerSecond(): number {
    const slot = this.#slot();
    if (this.#firstSlot === undefined) return 0;
    const from = slot - windowMs / bucketMs + 1;
    const bytes = this.#buckets.reduce((sum, b) => (b.slot >= from ? sum + b.bytes : sum), 0);
    const begunMs = Math.max(from, this.#firstSlot) * bucketMs;
    return (bytes * 8 * 1000) / Math.max(bucketMs, this.#now() - begunMs);
  }

  #slot(): number {
    return Math.floor(this.#now() / bucketMs);
  }
}
