/** Microseconds of picture that are looked at together: some groups of pictures, of which each differs. */
const windowUs = 4_000_000;
/** An encoder that gives less than this part of what was asked for has a picture that needs no more. */
const contentLimit = 0.6;
/** What is this near to what was asked for is left alone. */
const tolerance = 0.02;
/** Never told more than this part of what was asked for: the picture may become a difficult one at any moment. */
const mostFactor = 1.25;

/**
 * Finds what to tell an encoder so that it gives what was asked for: those that must never give more give less on
 * average, by up to a sixth. A pure function of the frames it is told of; all rates are bits per second.
 */
export class BitrateCorrection {
  #wanted: number;
  #told: number;
  #start: number | undefined;
  #bits = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
    this.#told = wanted;
  }

  /** What the encoder is to be told. */
  get told(): number {
    return this.#told;
  }

  /** Another rate is asked for from now on. */
  want(wanted: number): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#told = wanted;
    this.#start = undefined;
  }

  /** A frame came out. @param time of it in microseconds. @returns whether {@link told} has changed. */
  note(time: number, bytes: number): boolean {
    this.#start ??= time;
    const elapsed = time - this.#start;
    if (elapsed < windowUs) {
      this.#bits += bytes * 8;
      return false;
    }
    const given = (this.#bits * 1e6) / elapsed;
    // This frame is the first of the next window.
    this.#start = time;
    this.#bits = bytes * 8;
    const next = this.#next(given);
    const changed = next !== this.#told;
    this.#told = next;
    return changed;
  }

  #next(given: number): number {
    const wanted = this.#wanted;
    if (given < wanted * contentLimit) return wanted;
    if (Math.abs(given - wanted) <= wanted * tolerance) return this.#told;
    const corrected = (this.#told * wanted) / given;
    return Math.round(Math.max(wanted / mostFactor, Math.min(wanted * mostFactor, corrected)));
  }
}
