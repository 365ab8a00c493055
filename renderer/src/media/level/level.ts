/** How loud it is, in dBFS; `-Infinity` for silence. */
export interface Level {
  readonly peakDb: number;
  readonly rmsDb: number;
}

export const silence: Level = { peakDb: -Infinity, rmsDb: -Infinity };

/** Gathers samples in −1…1 and tells how loud they were. */
export class LevelSum {
  #peak = 0;
  #squares = 0;
  #count = 0;

  add(samples: Float32Array): void {
    for (const sample of samples) {
      this.#peak = Math.max(this.#peak, Math.abs(sample));
      this.#squares += sample * sample;
    }
    this.#count += samples.length;
  }

  /** The level since the last call. */
  take(): Level {
    const level =
      this.#count === 0
        ? silence
        : {
            peakDb: decibels(this.#peak),
            rmsDb: decibels(Math.sqrt(this.#squares / this.#count)),
          };
    this.#peak = this.#squares = this.#count = 0;
    return level;
  }
}

function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}
