import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';

/**
 * For how long viewers got something, in milliseconds: until the last media has left, without the losses, and not while
 * servers are asked whether they got it.
 */
export class TimeOnAir {
  readonly #now: () => number;
  /** What lies before {@link #since}. */
  #before = 0;
  /** Since when it is on air; undefined while it is not. */
  #since: number | undefined;
  /** While it is stopping: when frames were last seen to leave, and how many had left by then. */
  #lastMedia: { readonly at: number; readonly frames: number } | undefined;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get ms(): number {
    return this.#before + (this.#since === undefined ? 0 : this.#until() - this.#since);
  }

  /** Live; does nothing where it is already. */
  begin(): void {
    this.#since ??= this.#now();
  }

  /** While it is stopping. @param frames how many have left so far. */
  noteMedia(frames: number): void {
    // What turns out to have been missed is no longer counted as sent.
    if (this.#lastMedia && frames <= this.#lastMedia.frames) return;
    this.#lastMedia = { at: this.#now(), frames };
  }

  /** Not on air any more. @param unheardMs for how long nobody had received anything when that was noticed. */
  end(unheardMs: number): void {
    if (this.#since === undefined) return;
    const until = Math.min(this.#until(), this.#now() - unheardMs);
    this.#before += Math.max(0, until - this.#since);
    this.#since = undefined;
  }

  #until(): number {
    return this.#lastMedia?.at ?? this.#now();
  }
}

/**
 * For how long nobody had received anything when that was noticed, or when it ended. Milliseconds.
 *
 * @param now milliseconds since the epoch.
 */
export function unheardMs(
  snapshot: Pick<BroadcastSnapshot, 'state' | 'outputs'>,
  now: number,
): number {
  const ends = destinationsOf(snapshot)
    .filter(({ goLiveMs }) => goLiveMs !== undefined)
    // Whoever was not lost had it until now, or until it was taken away before the others were lost.
    .map(({ lostAt }) => lostAt ?? (snapshot.state === 'reconnecting' ? 0 : now));
  return ends.length === 0 ? 0 : Math.max(0, now - Math.max(...ends));
}
