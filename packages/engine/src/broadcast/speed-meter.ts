const windowMs = 10_000;
/** Of less than this nothing is told: what an encoder holds back at first would count for too much. */
const leastMs = 4_000;
/** More samples would tell nothing more. */
const sampleEveryMs = 100;

interface Sample {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  /** Milliseconds of media time. */
  readonly media: number;
}

/** How fast media time goes by beside the clock, over the last ten seconds. */
export class SpeedMeter {
  readonly #now: () => number;
  /** About as many as there are in the window, and one from before it; oldest first. */
  #samples: Sample[] = [];
  #newest: Sample | undefined;
  /** Media time from the newest frame but one to the newest. Milliseconds. */
  #interval = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the time of a frame, in milliseconds of media time. */
  add(media: number): void {
    const sample = { at: this.#now(), media };
    if (this.#newest) this.#interval = Math.max(0, media - this.#newest.media);
    this.#newest = sample;
    const last = this.#samples.at(-1);
    if (last && sample.at - last.at < sampleEveryMs) return;
    this.#samples.push(sample);
    while (this.#samples[1] && this.#samples[1].at <= sample.at - windowMs) this.#samples.shift();
  }

  /** Begins anew: what comes next says nothing of the time until then. */
  reset(): void {
    this.#samples = [];
    this.#newest = undefined;
    this.#interval = 0;
  }

  /** How many samples are kept. */
  get samples(): number {
    return this.#samples.length;
  }

  /** 1: as fast as the clock. `undefined` until four seconds have been measured. */
  get speed(): number | undefined {
    const now = this.#now();
    const begin = now - windowMs;
    const first = this.#samples.findLast(({ at }) => at <= begin) ?? this.#samples[0];
    const last = this.#newest;
    if (!first || !last) return undefined;
    // The next frame is not late before its time: until then the newest is what there can be.
    const until = Math.max(last.at, now - this.#interval - sampleEveryMs);
    if (until - first.at < leastMs) return undefined;
    return Math.max(0, last.media - first.media) / (until - first.at);
  }
}
