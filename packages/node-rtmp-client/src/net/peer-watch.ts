import type { RtmpServerLimits } from './rtmp-server-limits.js';

/** A peer that has been silent for this part of what is allowed is asked whether it is there. */
const pingAfter = 1 / 3;

/** What is to be done about a peer. */
export type PeerVerdict =
  | { readonly type: 'ping' }
  /** It is to be shown the door. */
  | { readonly type: 'timeout'; readonly reason: string };

/** How long a client may be silent, or do nothing, or stay at all. Times are in milliseconds, of any clock. */
export class PeerWatch {
  readonly #limits: Required<RtmpServerLimits>;
  readonly #since: number;
  /** Since when it has neither published nor played. */
  #idleSince: number;
  #lastHeard: number;
  #pinged = false;

  constructor(limits: Required<RtmpServerLimits>, now: number) {
    this.#limits = limits;
    this.#since = now;
    this.#idleSince = now;
    this.#lastHeard = now;
  }

  /** When it last sent anything. */
  get lastHeard(): number {
    return this.#lastHeard;
  }

  heard(now: number): void {
    this.#lastHeard = now;
    this.#pinged = false;
  }

  /** It has left a stream. */
  left(now: number): void {
    this.#idleSince = now;
  }

  /**
   * @param hasStreams whether it publishes or plays.
   * @param lastItem when the publisher that is quietest last sent something; undefined when it does not publish.
   */
  check(now: number, hasStreams: boolean, lastItem: number | undefined): PeerVerdict | undefined {
    const { settleMs, silenceMs, idleMs, maxSessionMs } = this.#limits;
    const silent = now - this.#lastHeard;
    const timeout = (reason: string): PeerVerdict => ({ type: 'timeout', reason });
    if (!hasStreams && now - this.#idleSince > settleMs) {
      return timeout('it neither published nor played');
    }
    if (silent > silenceMs) return timeout('it has gone silent');
    if (lastItem !== undefined && now - lastItem > idleMs) return timeout('it publishes nothing');
    if (now - this.#since > maxSessionMs) return timeout('its time is over');
    if (!hasStreams || this.#pinged || silent <= silenceMs * pingAfter) return undefined;
    this.#pinged = true;
    return { type: 'ping' };
  }
}
