import type { AppErrorInfo, DestinationStatus } from '@tallylight/contract';

/** What people are told of a destination, beside its checklist. */
export type DestinationEvent =
  /** It was lost, or a try to get it back failed in a new way. */
  | { readonly type: 'trouble'; readonly error: AppErrorInfo; readonly triesAgain: boolean }
  /** The first try after a loss is due in so many milliseconds. */
  | { readonly type: 'first-try'; readonly inMs: number }
  /** It takes the stream again. */
  | { readonly type: 'back'; readonly afterMs: number; readonly attempt: number };

/**
 * Follows one destination through its statuses and tells what is new. The same trouble is told once for each loss, and
 * again at the next.
 */
export class DestinationStory {
  readonly #toldOfThisLoss = new Set<string>();
  #error: AppErrorInfo | undefined;
  #lostAt: number | undefined;
  /** The newest try of this loss. */
  attempt = 0;

  /** What has happened since the last status, at `now` in milliseconds since the epoch. */
  follow(status: DestinationStatus, now: number): DestinationEvent[] {
    const events: DestinationEvent[] = [];
    const { state, lastError, lostAt, waiting } = status;
    // While it still counts as live or on its way, what becomes of it is not decided.
    const isDecided = state !== 'live' && state !== 'connecting';
    if (lastError && lastError !== this.#error && isDecided) {
      this.#error = lastError;
      const what = JSON.stringify(lastError);
      if (!this.#toldOfThisLoss.has(what)) {
        this.#toldOfThisLoss.add(what);
        events.push({ type: 'trouble', error: lastError, triesAgain: state === 'reconnecting' });
      }
    }
    if (waiting) {
      if (this.attempt === 0) {
        events.push({ type: 'first-try', inMs: Math.max(0, waiting.until - now) });
      }
      this.attempt = waiting.attempt;
    }
    if (state === 'live') {
      if (this.#lostAt !== undefined) {
        events.push({ type: 'back', afterMs: now - this.#lostAt, attempt: this.attempt });
      }
      this.attempt = 0;
      this.#toldOfThisLoss.clear();
    }
    this.#lostAt = lostAt;
    return events;
  }
}
