/** How long to wait for a picture, in milliseconds: the first one, and each one after it. */
export interface PictureDeadlines {
  readonly first: number;
  readonly next: number;
}

/**
 * Watches that pictures keep coming. Only time spent waiting for the source counts: a slow reader is not a dead camera,
 * and sound alone does not prove that the camera lives.
 */
export class StallWatch {
  readonly #deadlines: PictureDeadlines;
  readonly #onStall: () => void;
  #waited = 0;
  #started = false;
  #stalled = false;

  constructor(deadlines: PictureDeadlines, onStall: () => void) {
    this.#deadlines = deadlines;
    this.#onStall = onStall;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** Milliseconds waited since the last picture. */
  get waitedMs(): number {
    return this.#waited;
  }

  pictureCame(): void {
    this.#started = true;
    this.#waited = 0;
  }

  async waitFor<T>(next: Promise<T>): Promise<T> {
    const deadline = this.#started ? this.#deadlines.next : this.#deadlines.first;
    const begin = performance.now();
    const timer = setTimeout(
      () => {
        this.#stalled = true;
        this.#onStall();
      },
      Math.max(0, deadline - this.#waited),
    );
    try {
      return await next;
    } finally {
      clearTimeout(timer);
      this.#waited += performance.now() - begin;
    }
  }
}
