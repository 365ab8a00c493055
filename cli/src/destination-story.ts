import type { AppErrorInfo, DestinationStatus } from '@tallylight/contract';

/** Whether it is tried again; not at all after a failure before it was live, which is said as such. */
type WhatFollows = 'tries-again' | 'gave-up' | undefined;

/** What people are told of a destination, beside its checklist. */
export type DestinationEvent =
  /** It was lost, or a try to get it back failed in a new way. */
  | { readonly type: 'trouble'; readonly error: AppErrorInfo; readonly then: WhatFollows }
  /** The first try after a loss is due in so many milliseconds. */
  | { readonly type: 'first-try'; readonly inMs: number }
  /** Of several readings of its URL, another is tried, or one is taken. */
  | { readonly type: 'reading'; readonly url: string; readonly isTaken: boolean }
  /** A server that is there gives no sign of life any more, or does so again. */
  | { readonly type: 'silent'; readonly forMs: number }
  | { readonly type: 'answers' }
  /** It takes the stream again. */
  | { readonly type: 'back'; readonly afterMs: number; readonly attempt: number };

/**
 * Follows one destination through its statuses and tells what is new. The same trouble is told once for each loss, and
 * again at the next, or when somebody has asked to try again.
 */
export class DestinationStory {
  readonly #toldOfThisLoss = new Set<string>();
  #isRetried = false;
  #error: AppErrorInfo | undefined;
  #lostAt: number | undefined;
  #isSilent = false;
  #wasLive = false;
  #url: string | undefined;
  #moves = 0;
  /** The newest try of this loss. */
  attempt = 0;

  /** Somebody asks to try again: what becomes of that is told, though it be the same as before. */
  retried(): void {
    this.#isRetried = true;
  }

  /** What has happened since the last status, at `now` in milliseconds since the epoch. */
  follow(status: DestinationStatus, now: number): DestinationEvent[] {
    const events: DestinationEvent[] = [];
    const { state, lastError, lostAt, waiting, gaveUp, silentMs } = status;
    const then = waiting ? 'tries-again' : gaveUp ? 'gave-up' : undefined;
    // Until it waits, or has ended, what becomes of it is not decided.
    const isDecided = then !== undefined || state === 'failed' || state === 'stopped';
    // Until the try has begun, or failed at once, what is known is how the one before went.
    if (this.#isRetried && (!isDecided || lastError !== this.#error)) {
      this.#isRetried = false;
      this.#toldOfThisLoss.clear();
    }
    if (lastError && isDecided && (lastError !== this.#error || then === 'gave-up')) {
      this.#error = lastError;
      // That it is given up is told, though its reason may have been told before.
      const what = JSON.stringify([lastError, then === 'gave-up']);
      if (!this.#toldOfThisLoss.has(what)) {
        this.#toldOfThisLoss.add(what);
        events.push({ type: 'trouble', error: lastError, then });
      }
    }
    const { url, moves = 0, steps } = status;
    // A server may also have sent it elsewhere.
    if (state === 'connecting' && this.#url !== undefined && url !== this.#url) {
      const isTaken = steps.some((step) => step.phase === 'publish' && step.state === 'done');
      if (moves === this.#moves) events.push({ type: 'reading', url, isTaken });
    }
    this.#url = url;
    this.#moves = moves;
    if (waiting) {
      if (this.attempt === 0) {
        events.push({ type: 'first-try', inMs: Math.max(0, waiting.until - now) });
      }
      this.attempt = waiting.attempt;
    }
    if (state === 'live') {
      // What was never there does not come back.
      if (this.#lostAt !== undefined && this.#wasLive) {
        events.push({ type: 'back', afterMs: now - this.#lostAt, attempt: this.attempt });
      }
      this.attempt = 0;
      this.#wasLive = true;
      this.#toldOfThisLoss.clear();
    }
    this.#lostAt = lostAt;
    const isSilent = silentMs !== undefined;
    if (isSilent && !this.#isSilent) events.push({ type: 'silent', forMs: silentMs });
    // One that is lost meanwhile has its own words.
    if (!isSilent && this.#isSilent && state === 'live') events.push({ type: 'answers' });
    this.#isSilent = isSilent;
    return events;
  }
}
