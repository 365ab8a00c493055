/** Decides which frames are keyframes: the first at or next to each multiple of the interval. */
export class KeyframeSchedule {
  readonly #interval: number;
  readonly #tolerance: number;
  #next = -Infinity;

  /** @param interval in seconds */
  constructor(interval: number, fps: number) {
    this.#interval = interval * 1e6;
    // Camera times jitter: a frame that comes a little early is still the one that is nearest.
    this.#tolerance = 0.5e6 / fps;
  }

  /** Call once for each frame that is encoded. `time` in microseconds from the start. */
  isDue(time: number): boolean {
    if (time + this.#tolerance < this.#next) return false;
    this.#next = (Math.floor((time + this.#tolerance) / this.#interval) + 1) * this.#interval;
    return true;
  }

  /** Makes the next frame a keyframe; those after it are due as before. */
  requestKeyframe(): void {
    this.#next = -Infinity;
  }
}
