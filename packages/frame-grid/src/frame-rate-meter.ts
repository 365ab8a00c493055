/** Frames whose distances tell the camera's rate, and how many distances are enough to judge. */
const history = 64;
const enough = 16;

/**
 * The distances, in intervals of the chosen rate, at which a camera keeps that rate: up to an eighth of the frames may be
 * lost; one at 25 where 30 are chosen is another rate.
 */
const steady = { min: 0.95, max: 1.14 };

/** How the frames of the last two seconds or so compare with the chosen rate; `unknown` while there are too few. */
export type Pace = 'unknown' | 'faster' | 'steady' | 'slower';

/** Measures the distances between frames, in intervals of the chosen rate. */
export class FrameRateMeter {
  readonly #interval: number;
  readonly #times: number[] = [];

  /** @param fps the chosen frame rate */
  constructor(fps: number) {
    this.#interval = 1e6 / fps;
  }

  /** Learns from a frame of this time, in microseconds. */
  add(time: number): void {
    this.#times.push(time);
    if (this.#times.length > history) this.#times.shift();
  }

  /** By the mean distance, which frames that come in pairs or late hardly move. */
  get meanPace(): Pace {
    const [first = 0] = this.#times;
    const last = this.#times.at(-1) ?? 0;
    return this.#pace((last - first) / (this.#times.length - 1));
  }

  /** By the median distance, which lost frames hardly move. */
  get medianPace(): Pace {
    return this.#pace(
      median(this.#times.slice(1).map((time, index) => time - (this.#times[index] ?? 0))),
    );
  }

  #pace(distance: number): Pace {
    if (this.#times.length <= enough) return 'unknown';
    const intervals = distance / this.#interval;
    if (intervals <= steady.min) return 'faster';
    return intervals < steady.max ? 'steady' : 'slower';
  }
}

/** Of an even number of values the greater one of the two in the middle; 0 of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
