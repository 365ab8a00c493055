/** Who is refused tries again, often every few seconds. */
const windowMs = 60_000;
/** Told within that time, whoever they are. */
const mostTold = 10;

/** Lets each kind of refusal be told once a minute, and no more than ten in all; the others are counted. */
export class RefusalLimit {
  readonly #now: () => number;
  readonly #told = new Set<string>();
  #since = -Infinity;
  #untold = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * @param kind what makes two of them alike.
   * @returns whether to tell it, and how many of the minute before were not told, once.
   */
  see(...kind: readonly string[]): { readonly isTold: boolean; readonly untold: number } {
    let untold = 0;
    if (this.#now() - this.#since >= windowMs) {
      untold = this.#untold;
      this.#since = this.#now();
      this.#untold = 0;
      this.#told.clear();
    }
    const key = JSON.stringify(kind);
    const isTold = !this.#told.has(key) && this.#told.size < mostTold;
    if (isTold) this.#told.add(key);
    else this.#untold += 1;
    return { isTold, untold };
  }
}
