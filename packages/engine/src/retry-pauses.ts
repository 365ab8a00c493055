/** Milliseconds. */
export const firstRetryMs = 1_000;
export const longestRetryMs = 15_000;

/** The pauses between tries at a server: each twice as long as the one before, up to the longest. */
export class RetryPauses {
  #next = firstRetryMs;

  /** The next one, in milliseconds. */
  next(): number {
    const pause = this.#next;
    this.#next = Math.min(pause * 2, longestRetryMs);
    return pause;
  }

  /** Something worked: the next pause is the first again. */
  reset(): void {
    this.#next = firstRetryMs;
  }
}
