/** A frame rate this near to the chosen one, as a fraction, is the chosen one with jitter. */
const tolerance = 0.05;
/** The share of the newest distance between two frames in the running average. */
const newest = 1 / 16;
/** A distance of more frames than this is that of lost frames; what is less is jitter. */
const gap = 1.75;

/**
 * Tells the time of each picture from the start of the stream.
 *
 * Capture times jitter by milliseconds, and by more on a busy machine; players and transcoders like them even. As long
 * as a camera keeps the chosen rate, its frames are put on the grid of that rate, each on the place that is nearest, so
 * a lost frame leaves its place empty. A camera at another rate (many slow down in the dark) keeps its own times. No
 * frame is invented.
 */
export class FrameTimeline {
  readonly #interval: number;
  #average: number;
  #previous: number | undefined;
  /** Where the grid lies: the mean of what was observed. */
  #phase = 0;
  #observed = 0;
  #origin: number | undefined;
  #last = -Infinity;

  /** @param fps the chosen frame rate */
  constructor(fps: number) {
    this.#interval = 1e6 / fps;
    this.#average = this.#interval;
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
    return Math.abs(this.#average / this.#interval - 1) < tolerance;
  }

  #measure(captured: number): void {
    if (this.#previous !== undefined) {
      const distance = captured - this.#previous;
      // A gap of lost frames says nothing about the rate.
      const isGap = distance > gap * this.#average;
      const frames = isGap ? Math.round(distance / this.#average) : 1;
      this.#average += (distance / frames - this.#average) * newest;
    }
    this.#previous = captured;
  }

  #distanceFromGrid(captured: number): number {
    const places = (captured - this.#phase) / this.#interval;
    return (places - Math.round(places)) * this.#interval;
  }
}
