import type { RtmpPublisher } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';

export interface SignsOfLifeOptions {
  readonly publisher: Pick<RtmpPublisher, 'ping' | 'stats'>;
  /** Milliseconds between two pings. */
  readonly everyMs: number;
  /** A server that gives no sign for this long is gone. */
  readonly goneMs: number;
  readonly onRtt: (milliseconds: number) => void;
}

/** So many pings may go unanswered before it is worth a word. */
const usualPings = 3;

/**
 * Whether a server that answers pings is still there. A line that breaks without a word, or a server that hangs, goes
 * unnoticed for long otherwise: the system takes what is written until its buffers are full, which may be half a minute
 * of stream.
 *
 * A server behind a slow line is not gone: its answers come late, but they come. So several pings may be on their way
 * at a time, and any answer, or acknowledged byte, is a sign.
 */
export class SignsOfLife {
  readonly #o: SignsOfLifeOptions;
  #silentMs = 0;
  #acknowledged = 0;

  constructor(options: SignsOfLifeOptions) {
    this.#o = options;
  }

  /** For how long there was none, in milliseconds. */
  get quietMs(): number {
    return this.#silentMs;
  }

  /** The same; undefined while that is as usual. */
  get silentMs(): number | undefined {
    return this.#silentMs > usualPings * this.#o.everyMs ? Math.round(this.#silentMs) : undefined;
  }

  /** Resolves with true when the server is gone, with false when `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<boolean> {
    const { everyMs, goneMs, publisher } = this.#o;
    let at = performance.now();
    while (await wait(everyMs, signal)) {
      const now = performance.now();
      // A computer that was asleep, or too busy to listen, has not heard the server be silent.
      this.#silentMs += Math.min(now - at, 2 * everyMs);
      at = now;
      const { bytesAcknowledged } = publisher.stats;
      if (bytesAcknowledged !== this.#acknowledged) this.#silentMs = 0;
      this.#acknowledged = bytesAcknowledged;
      if (this.#silentMs > goneMs) return true;
      void this.#ask(signal);
    }
    return false;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { publisher, goneMs, onRtt } = this.#o;
    try {
      // A signal for each: several wait at a time, and one would have too many listeners.
      const rtt = await publisher.ping(AbortSignal.any([signal]), goneMs);
      this.#silentMs = 0;
      onRtt(rtt);
    } catch {
      // No answer: that it is silent is counted.
    }
  }
}
