/** Enough samples that in one of them no frame is just on its way. */
const samples = 4;

/**
 * Counts the frames that are lost between two places that count for themselves.
 *
 * What is between the two at one instant is lost, or on its way. What is lost stays lost, so the least of the last few
 * samples is lost for certain, but for what never goes below zero: the distance that was there from the beginning.
 */
export class FramesBetween {
  #distances: number[] = [];
  #first: number | undefined;
  #lost = 0;

  /** Frames that were lost so far, given that `offered` went in and `taken` came out. */
  count(offered: number, taken: number): number {
    this.#distances = [...this.#distances, offered - taken].slice(-samples);
    if (this.#distances.length < samples) return this.#lost;
    const least = Math.min(...this.#distances);
    this.#first ??= least;
    this.#lost = Math.max(this.#lost, least - this.#first);
    return this.#lost;
  }
}
