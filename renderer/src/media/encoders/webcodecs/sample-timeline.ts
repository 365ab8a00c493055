/** A difference between counted and measured time above this is a gap at once, in microseconds. */
const gap = 100_000;

/** A smaller difference is a gap when it lasts: above what capture times jitter by (microseconds), for so long (seconds). */
const lastingGap = 15_000;
const lastingSeconds = 0.25;

/** How much of a difference that is no gap is corrected with each piece of sound. */
const correction = 1 / 500;

/**
 * Tells the time of each sample of a sound track.
 *
 * Counting samples is smooth but runs away from the picture over hours, since a sound card's clock is not the
 * system's; measured times stay but jitter. So samples are counted, and the count follows the measured times slowly:
 * within seconds, by microseconds. Over a gap (a suspended machine, samples that a busy one lost) it jumps: at once
 * over a long one, after a quarter of a second over one that might have been jitter.
 */
export class SampleTimeline {
  readonly #sampleRate: number;
  #samples = 0;
  #anchor: { sample: number; time: number } | undefined;
  /** The differences beyond jitter, all to one side, that the last samples had without a break. */
  #apart = { samples: 0, least: 0 };

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Samples so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Appends `count` samples, the first of which was measured at `time`, in microseconds. */
  append(time: number, count: number): void {
    const counted = this.timeOf(this.#samples) ?? time;
    const difference = time - counted;
    this.#anchor = { sample: this.#samples, time: counted + this.#step(difference, count) };
    this.#samples += count;
  }

  /** When `sample` was captured, in microseconds; `undefined` before the first {@link append}. */
  timeOf(sample: number): number | undefined {
    if (!this.#anchor) return undefined;
    return this.#anchor.time + ((sample - this.#anchor.sample) / this.#sampleRate) * 1e6;
  }

  /** How far the count moves towards a measured time that is `difference` away. Microseconds. */
  #step(difference: number, count: number): number {
    if (Math.abs(difference) > gap) return this.#jump(difference);
    const { samples, least } = this.#apart;
    if (Math.abs(difference) < lastingGap) {
      this.#apart = { samples: 0, least: 0 };
    } else if (samples === 0 || Math.sign(difference) !== Math.sign(least)) {
      this.#apart = { samples: count, least: difference };
    } else {
      const smaller = Math.abs(difference) < Math.abs(least) ? difference : least;
      this.#apart = { samples: samples + count, least: smaller };
    }
    const lasts = this.#apart.samples >= lastingSeconds * this.#sampleRate;
    return lasts ? this.#jump(this.#apart.least) : difference * correction;
  }

  #jump(difference: number): number {
    this.#apart = { samples: 0, least: 0 };
    return difference;
  }
}
