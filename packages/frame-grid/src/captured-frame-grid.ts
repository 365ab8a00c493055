import { FrameRateMeter } from './frame-rate-meter.js';

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
  readonly #rate: FrameRateMeter;
  /** Where the grid lies: the mean of what was observed. */
  #phase = 0;
  #observed = 0;
  #origin: number | undefined;
  #last = -Infinity;

  /** @param fps the chosen frame rate */
  constructor(fps: number) {
    this.#interval = 1e6 / fps;
    this.#rate = new FrameRateMeter(fps);
  }

  /** The capture time that is time 0, in microseconds; `undefined` before the first {@link place}. */
  get origin(): number | undefined {
    return this.#origin;
  }

  /** Learns from a frame that is not used. Microseconds. */
  observe(captured: number): void {
    this.#rate.add(captured);
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
    else this.#rate.add(captured);
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

  /** Lost frames hardly move the median, frames that come in pairs not the mean: either will do. */
  #isSteady(): boolean {
    const paces = [this.#rate.meanPace, this.#rate.medianPace];
    return paces.some((pace) => pace === 'steady' || pace === 'unknown');
  }

  #distanceFromGrid(captured: number): number {
    const places = (captured - this.#phase) / this.#interval;
    return (places - Math.round(places)) * this.#interval;
  }
}
