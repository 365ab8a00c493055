import { FrameRateMeter, median } from './frame-rate-meter.js';

/**
 * How many frames in a row must all be how late, in intervals, before it is believed that frames were lost. A busy
 * machine delays some frames a lot or many a little, and catches up; what is lost stays lost.
 */
const beliefs = [
  { frames: 8, late: 2.75 },
  { frames: 30, late: 0.75 },
];
const longest = 30;
/** Intervals by which the longest row may be ahead. One is too little to bend times for: the next lost frame mends it. */
const maxAhead = 1.5;
/** Lateness, in intervals, that no delay explains: the camera was away. */
const gapAfter = 8;

/**
 * Gives coded frames even times.
 *
 * MediaRecorder stamps a frame when it gets it, so a busy machine bends the times: three frames may be stamped within a
 * millisecond, after a pause of a tenth of a second in which none was. Players and transcoders want them even, and a
 * coded frame cannot be left out. So each frame takes the next place on the grid of the chosen rate. Lateness that
 * lasts, unlike that of one delay, means that frames were lost; their places stay empty, and sound and picture stay
 * together. In the same way frames are put closer where they turn out to be ahead. A camera slower than the chosen rate,
 * as many are in the dark, gets the nearest places; one that is faster keeps its own times.
 */
export class CodedFrameGrid {
  readonly #interval: number;
  readonly #rate: FrameRateMeter;
  #next: number;
  /** By how much the newest frames were behind their places, in microseconds. */
  #lateness: number[] = [];

  /**
   * @param fps the chosen frame rate
   * @param first the stamps of the first frames in microseconds, from which the grid's phase is learnt: the median, so
   *   that a delay among them does not count
   */
  constructor(fps: number, first: readonly number[]) {
    this.#interval = 1e6 / fps;
    this.#rate = new FrameRateMeter(fps);
    this.#next = median(first.map((stamp, index) => stamp - index * this.#interval));
  }

  /** The time of the next frame, in microseconds on the clock of `stamp`; rises with each call. */
  place(stamp: number): number {
    this.#rate.add(stamp);
    const placed = this.#place(stamp);
    this.#next = placed + this.#interval;
    return Math.round(placed);
  }

  #place(stamp: number): number {
    const pace = this.#rate.meanPace;
    if (pace === 'steady' || pace === 'unknown') return this.#nextPlace(stamp);
    this.#lateness = [];
    if (pace === 'slower') return this.#nearestPlace(stamp);
    return Math.max(stamp, this.#next - this.#interval + 1000);
  }

  #nextPlace(stamp: number): number {
    const late = stamp - this.#next;
    if (late > gapAfter * this.#interval) return this.#shifted(late);
    this.#lateness.push(late);
    if (this.#lateness.length > longest) this.#lateness.shift();
    for (const { frames, late: limit } of beliefs) {
      const least = Math.min(...this.#lateness.slice(-frames));
      const enough = this.#lateness.length >= frames;
      if (enough && least > limit * this.#interval) return this.#shifted(least);
    }
    const most = Math.max(...this.#lateness);
    const isAhead = this.#lateness.length === longest && most < -maxAhead * this.#interval;
    return isAhead ? this.#shifted(-this.#interval / 2) : this.#next;
  }

  /** The place on the grid that is nearest and free: a camera at another rate leaves many empty. */
  #nearestPlace(stamp: number): number {
    const places = Math.round((stamp - this.#next) / this.#interval);
    return this.#next + Math.max(0, places) * this.#interval;
  }

  /** Moves on by `late` microseconds, in whole intervals or one half. */
  #shifted(late: number): number {
    const by = late < 0 ? late : Math.round(late / this.#interval) * this.#interval;
    this.#lateness = this.#lateness.map((before) => before - by);
    return this.#next + by;
  }
}
