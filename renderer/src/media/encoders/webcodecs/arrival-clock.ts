/** The spread of a settled clock, in microseconds: above it, timestamps of two clocks are among the observations. */
const maxSpread = 100_000;
/** A mapped time this far from its arrival, in microseconds, means that the track's clock was set anew. */
const maxDistance = 2_000_000;

/**
 * Maps the timestamps of one track onto the clock of their arrival.
 *
 * Chromium stamps the tracks of one capture on different clocks: a camera's frames count from the first frame or from
 * the machine's start; a microphone's data from the start of the page, and, once the stream has been transferred, from
 * the start of the worker. What the tracks share is when their data arrive. A frame arrives after its capture plus a
 * delay that varies but has a floor, so the smallest difference between arrival and timestamp among the last
 * observations is the best guess of the distance between both clocks, and is the same guess for both tracks as far as
 * their floors are alike. It is settled before the first frame is used: a clock that is corrected later would make
 * times jump.
 */
export class ArrivalClock {
  readonly #wanted: number;
  #observed = 0;
  #differences: number[] = [];

  /** @param observations how many to settle on */
  constructor(observations: number) {
    this.#wanted = observations;
  }

  /** True when {@link map} may be used. */
  get settled(): boolean {
    if (this.#differences.length < this.#wanted) return false;
    const spread = Math.max(...this.#differences) - Math.min(...this.#differences);
    // A machine under load may never get there; what it has is then as good as it gets.
    return spread < maxSpread || this.#observed >= 5 * this.#wanted;
  }

  /** Microseconds: when it arrived, and when, by its own clock, the last of it was captured. */
  observe(arrival: number, timestamp: number): void {
    this.#observed += 1;
    this.#differences.push(arrival - timestamp);
    if (this.#differences.length > this.#wanted) this.#differences.shift();
  }

  /** The time of `timestamp` on the arrival clock; `arrival` is now. Microseconds. */
  map(timestamp: number, arrival: number): number {
    const time = timestamp + Math.min(...this.#differences);
    if (Math.abs(arrival - time) <= maxDistance) return time;
    this.#differences = [arrival - timestamp];
    return arrival;
  }
}
