/**
 * Maps the timestamps of one track onto the clock of their arrival.
 *
 * Chromium stamps the tracks of one capture on different clocks: a camera's frames count from the first frame or from
 * the machine's start, a microphone's data from the document's start. What the tracks share is when their data arrive.
 * A frame arrives after its capture plus a delay that varies but has a floor, so the smallest difference between
 * arrival and timestamp that was seen is the best guess of the distance between both clocks, and is the same guess for
 * both tracks as far as their floors are alike. It is settled before the first frame is used: a clock that is corrected
 * later would make times jump.
 */
export class ArrivalClock {
  #offset = Infinity;
  #observations = 0;

  get observations(): number {
    return this.#observations;
  }

  /** Microseconds: when it arrived, and when, by its own clock, the last of it was captured. */
  observe(arrival: number, timestamp: number): void {
    this.#offset = Math.min(this.#offset, arrival - timestamp);
    this.#observations += 1;
  }

  /** Microseconds on the arrival clock. */
  map(timestamp: number): number {
    return timestamp + this.#offset;
  }
}
