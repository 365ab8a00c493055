/** Frames whose distances tell the camera's rate, and how many of them are enough to judge. */
const history = 64;
const enough = 16;
/**
 * The distances, in intervals of the chosen rate, at which a camera keeps that rate; one at 25 where 30 are chosen does
 * not. Their mean or their median must be within: lost frames hardly move the median, frames that come in pairs not the
 * mean.
 */
const steady = { min: 0.95, max: 1.14 };

/**
 * Tells the time of each picture from the start of the stream.
 *
 * Capture times jitter by milliseconds, and by more on a busy machine; players and transcoders like them even. As long
 * as a camera keeps the chosen rate, its frames are put on the grid of that rate, each on the place that is nearest, so
 * a lost frame leaves its place empty. A camera at another rate (many slow down in the dark) keeps its own times. No
 * frame is invented.
 */
export class CapturedFrameGrid {
  readonly #interval: number;
  readonly #captured: number[] = [];
  /** Where the grid lies: the mean of what was observed. */
  #phase = 0;
  #observed = 0;
  #origin: number | undefined;
  #last = -Infinity;

  /** @param fps the chosen frame rate */
  constructor(fps: number) {
    this.#interval = 1e6 / fps;
  }

  /** The capture time that is time 0, in microseconds; `undefined` before the first {@link place}. */
  get origin(): number | undefined {
    return this.#origin;
  }

  /** Learns from a frame that is not used. Microseconds. */
  observe(captured: number): void {
    this.#measure(captured);
    if (this.#observed === 0) this.#phase = captured;
    this.#observed += 1;
    this.#phase += this.#distanceFromGrid(captured) / this.#observed;
  }

  /**
   * The time of a frame from the start, in microseconds; rises with each call. `undefined` for a frame that is one too
   * many: there is no place for it.
   */
  place(captured: number): number | undefined {
    if (this.#observed === 0) this.observe(captured);
    else this.#measure(captured);
    this.#origin ??= captured - this.#distanceFromGrid(captured);
    const time = captured - this.#origin;
    const placed = this.#isSteady() ? this.#nearestPlace(time) : time;
    if (placed - time > 1.5 * this.#interval || placed <= this.#last) return undefined;
    this.#last = placed;
    return placed;
  }

  #nearestPlace(time: number): number {
    const after = Math.floor(this.#last / this.#interval + 1e-6) + 1;
    const nearest = Math.max(0, Math.round(time / this.#interval));
    return Math.max(nearest, after) * this.#interval;
  }

  #isSteady(): boolean {
    const distances = this.#captured
      .slice(1)
      .map((time, index) => (time - (this.#captured[index] ?? 0)) / this.#interval);
    if (distances.length < enough) return true;
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    const median = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
    return [mean, median].some((typical) => typical > steady.min && typical < steady.max);
  }

  #measure(captured: number): void {
    this.#captured.push(captured);
    if (this.#captured.length > history) this.#captured.shift();
  }

  #distanceFromGrid(captured: number): number {
    const places = (captured - this.#phase) / this.#interval;
    return (places - Math.round(places)) * this.#interval;
  }
}
