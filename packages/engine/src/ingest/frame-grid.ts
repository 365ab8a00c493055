/** Frames whose mean distance tells the camera's rate, and how many of them are enough to judge. */
const history = 64;
const enough = 16;
/**
 * The mean distances, in intervals of the chosen rate, at which a camera keeps that rate: up to an eighth of the frames
 * may be lost; a camera at 25 where 30 are chosen is another rate.
 */
const steady = { min: 0.95, max: 1.14 };
/** Frames that must all be late before lateness is believed; a delay makes fewer of them late. */
const believed = 8;
/** Intervals by which they must be. */
const tolerance = 0.75;
/** Lateness, in intervals, that no delay explains: the camera was away. */
const gapAfter = 8;

/**
 * Gives coded frames even times.
 *
 * MediaRecorder stamps a frame when it gets it, so a busy machine bends the times: three frames may be stamped within a
 * millisecond, after a pause of a tenth of a second in which none was. Players and transcoders want them even, and a
 * coded frame cannot be left out. So each frame takes the next place on the grid of the chosen rate. Lateness that
 * lasts, unlike that of one delay, means that frames were lost; their places stay empty, and sound and picture stay
 * together. In the same way frames are put closer where they turn out to be ahead. A camera that does not keep the chosen rate (many slow down in the dark) keeps its own times.
 */
export class FrameGrid {
  readonly #interval: number;
  readonly #stamps: number[] = [];
  #next: number;
  /** By how much the newest frames were behind their places, in microseconds. */
  #lateness: number[] = [];
  #last = -Infinity;

  /**
   * @param fps the chosen frame rate
   * @param first the stamps of the first frames in microseconds, from which the grid's phase is learnt: the median, so
   *   that a delay among them does not count
   */
  constructor(fps: number, first: readonly number[]) {
    this.#interval = 1e6 / fps;
    const phases = first.map((stamp, index) => stamp - index * this.#interval);
    this.#next = phases.toSorted((a, b) => a - b)[phases.length >> 1] ?? 0;
  }

  /** The time of the next frame, in microseconds on the clock of `stamp`; rises with each call. */
  place(stamp: number): number {
    this.#stamps.push(stamp);
    if (this.#stamps.length > history) this.#stamps.shift();
    const placed = this.#isSteady() ? this.#nextPlace(stamp) : this.#ownTime(stamp);
    this.#next = placed + this.#interval;
    this.#last = placed;
    return Math.round(placed);
  }

  #nextPlace(stamp: number): number {
    const late = stamp - this.#next;
    if (late > gapAfter * this.#interval) return this.#shift(late);
    this.#lateness.push(late);
    if (this.#lateness.length < believed) return this.#next;
    const least = Math.min(...this.#lateness);
    const most = Math.max(...this.#lateness);
    this.#lateness.shift();
    if (least > tolerance * this.#interval) return this.#shift(least);
    if (most < -tolerance * this.#interval) return this.#next - this.#interval / 2;
    return this.#next;
  }

  /** The place that is about `by` microseconds behind the next one. */
  #shift(by: number): number {
    this.#lateness = [];
    return this.#next + Math.round(by / this.#interval) * this.#interval;
  }

  #ownTime(stamp: number): number {
    this.#lateness = [];
    return Math.max(stamp, this.#last + 1000);
  }

  #isSteady(): boolean {
    const [first = 0] = this.#stamps;
    const last = this.#stamps.at(-1) ?? 0;
    const distances = this.#stamps.length - 1;
    if (distances < enough) return true;
    const mean = (last - first) / distances / this.#interval;
    return mean > steady.min && mean < steady.max;
  }
}
