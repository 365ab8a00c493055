import type { MediaLaneReader } from '@tallylight/contract';

/** A renderer that stops sends its last bytes and `end` in much less than this. */
const settleMs = 2000;

interface Discard {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * Reads away what the renderer still sends for a broadcast that is over, up to its `end`: its writes must not wait for
 * credits for ever, and none of it may run into the next broadcast.
 */
export class LaneLeftovers {
  readonly #discards = new Map<MediaLaneReader, Discard>();

  /** Begins to throw away everything up to the lane's `ends`-th `end`. */
  discard(lane: MediaLaneReader, ends: number): void {
    if (lane.closed || lane.endsRead >= ends) return;
    const stop = new AbortController();
    const done = discardUntil(lane, ends, stop.signal).finally(() => this.#discards.delete(lane));
    this.#discards.set(lane, { stop, done });
  }

  /** Resolves when the lane is clean. A renderer that never says `end` has 2 s. */
  async settle(lane: MediaLaneReader): Promise<void> {
    const discard = this.#discards.get(lane);
    if (!discard) return;
    const timer = setTimeout(() => discard.stop.abort(), settleMs);
    await discard.done;
    clearTimeout(timer);
    if (discard.stop.signal.aborted) lane.drain();
  }

  close(): void {
    for (const { stop } of this.#discards.values()) stop.abort();
  }
}

async function discardUntil(
  lane: MediaLaneReader,
  ends: number,
  signal: AbortSignal,
): Promise<void> {
  while (lane.endsRead < ends && (await lane.read(signal))) {
    // Read only to be thrown away.
  }
}
