/** Gathers samples in −1…1 and tells how loud the loudest was. */
export class PeakLevel {
  #peak = 0;

  add(samples: Float32Array): void {
    for (const sample of samples) this.#peak = Math.max(this.#peak, Math.abs(sample));
  }

  /** The peak since the last call in dBFS; `-Infinity` for silence. */
  takeDb(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return 20 * Math.log10(peak);
  }
}
