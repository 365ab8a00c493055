import type { ActiveStreams } from './active-streams.js';
import type { RtmpServerLimits } from './rtmp-server-limits.js';

/** A peer that has been silent for this part of what is allowed is asked whether it is there, and then again. */
const pingAfter = 1 / 3;

export type StreamActivity = Pick<ActiveStreams, 'size' | 'quietest' | 'longestAsked'>;

/** What is to be done about a peer. */
export type PeerAction =
  | { readonly type: 'ping' }
  /** It is to be disconnected. */
  | { readonly type: 'timeout'; readonly reason: string };

/** How long a client may be silent, or do nothing, or stay at all. Times are in milliseconds, of any clock. */
export class PeerWatch {
  readonly #limits: Required<RtmpServerLimits>;
  readonly #since: number;
  /** Since when it has neither published nor played. */
  #idleSince: number;
  #lastHeard: number;
  /** When it was last heard or asked. */
  #lastContact: number;

  constructor(limits: Required<RtmpServerLimits>, now: number) {
    this.#limits = limits;
    this.#since = now;
    this.#idleSince = now;
    this.#lastHeard = now;
    this.#lastContact = now;
  }

  /** When it last sent anything. */
  get lastHeard(): number {
    return this.#lastHeard;
  }

  heard(now: number): void {
    this.#lastHeard = now;
    this.#lastContact = now;
  }

  /** Nothing is read from it just now. It is asked all the same: that cannot be sent to a peer that is gone. */
  resetSilence(now: number): void {
    this.#lastHeard = now;
  }

  /** It has left a stream. */
  left(now: number): void {
    this.#idleSince = now;
  }

  /** @param streams what it publishes and plays. */
  check(now: number, { size, quietest, longestAsked }: StreamActivity): PeerAction | undefined {
    const { settleMs, silenceMs, idleMs, maxSessionMs } = this.#limits;
    const isOver = (since: number | undefined, limit: number): boolean =>
      since !== undefined && now - since > limit;
    const timeout = (reason: string): PeerAction => ({ type: 'timeout', reason });
    if (size === 0 && isOver(this.#idleSince, settleMs)) {
      return timeout('it neither published nor played');
    }
    if (isOver(longestAsked, settleMs)) return timeout('nobody decided what it asked for');
    if (isOver(this.#lastHeard, silenceMs)) return timeout('it has gone silent');
    if (isOver(quietest, idleMs)) return timeout('it publishes nothing');
    if (isOver(this.#since, maxSessionMs)) return timeout('its time is over');
    if (size === 0 || !isOver(this.#lastContact, silenceMs * pingAfter)) return undefined;
    this.#lastContact = now;
    return { type: 'ping' };
  }
}
