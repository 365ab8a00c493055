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
const usualPings = 4;
/** How long the answer to a ping is waited for, in milliseconds: what a slow line delays, the system's buffers hold. */
const answerMs = 60_000;

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
  /** Until when {@link #silentMs} is counted. */
  #countedTo = performance.now();
  #acknowledged = 0;

  constructor(options: SignsOfLifeOptions) {
    this.#o = options;
  }

  /** For how long there was none, in milliseconds. */
  get quietMs(): number {
    this.#count();
    return this.#silentMs;
  }

  /** The same; undefined while that is as usual. */
  get silentMs(): number | undefined {
    const { quietMs } = this;
    return quietMs > usualPings * this.#o.everyMs ? Math.round(quietMs) : undefined;
  }

  /** Resolves with true when the server is gone, with false when `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<boolean> {
    const { everyMs, goneMs } = this.#o;
    while (await wait(Math.min(everyMs, Math.max(1, goneMs - this.quietMs)), signal)) {
      this.#lookForBytes();
      if (this.quietMs >= goneMs) return true;
      void this.#ask(signal, answerMs);
    }
    return false;
  }

  /**
   * Asks once more, when everything has been sent. Resolves with whether there was a sign within `limitMs`, and with
   * false when `signal` is aborted.
   */
  async confirm(limitMs: number, signal: AbortSignal): Promise<boolean> {
    if (await this.#ask(signal, limitMs)) return true;
    return this.#lookForBytes();
  }

  async #ask(signal: AbortSignal, limitMs: number): Promise<boolean> {
    const { publisher, onRtt } = this.#o;
    try {
      // A signal for each: several wait at a time, and one would have too many listeners.
      const rtt = await publisher.ping(AbortSignal.any([signal]), limitMs);
      this.#hear();
      onRtt(rtt);
      return true;
    } catch {
      return false; // No answer: that it is silent is counted.
    }
  }

  /** Whether the server has acknowledged more. */
  #lookForBytes(): boolean {
    const { bytesAcknowledged } = this.#o.publisher.stats;
    if (bytesAcknowledged === this.#acknowledged) return false;
    this.#acknowledged = bytesAcknowledged;
    this.#hear();
    return true;
  }

  #hear(): void {
    this.#silentMs = 0;
    this.#countedTo = performance.now();
  }

  /** A computer that was asleep, or too busy to listen, has not heard the server be silent. */
  #count(): void {
    const now = performance.now();
    this.#silentMs += Math.min(now - this.#countedTo, 2 * this.#o.everyMs);
    this.#countedTo = now;
  }
}
