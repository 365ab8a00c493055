/** A difference between counted and measured time above this is a gap, in microseconds. */
const gap = 100_000;

/** How much of a smaller difference is corrected with each piece of sound. */
const correction = 1 / 500;

/**
 * Tells the time of each sample of a sound track.
 *
 * Counting samples is smooth but runs away from the picture over hours, since a sound card's clock is not the
 * system's; measured times stay but jitter. So samples are counted, and the count follows the measured times slowly:
 * within seconds, by microseconds. After a gap (a suspended machine) it jumps.
 */
export class SampleTimeline {
  readonly #sampleRate: number;
  #samples = 0;
  #anchor: { sample: number; time: number } | undefined;

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
    this.#anchor = {
      sample: this.#samples,
      time: Math.abs(difference) > gap ? time : counted + difference * correction,
    };
    this.#samples += count;
  }

  /** When `sample` was captured, in microseconds; `undefined` before the first {@link append}. */
  timeOf(sample: number): number | undefined {
    if (!this.#anchor) return undefined;
    return this.#anchor.time + ((sample - this.#anchor.sample) / this.#sampleRate) * 1e6;
  }
}
