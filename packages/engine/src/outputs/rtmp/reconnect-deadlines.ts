import type { ReconnectEvent, ReconnectState } from './reconnect-machine.js';
import { longestDelayMs } from './reconnect-delay.js';

/** Milliseconds. */
export interface DestinationTiming {
  /** From the first question to DNS to the server's word that it takes the stream, of each reading of the URL. */
  readonly openMs: number;
  /** After the first frame a server that neither acknowledges bytes nor answers a ping has taken it after this long. */
  readonly acknowledgeMs: number;
  /** A connection that stood for this long after the first frame is stable; one that did not was refused. */
  readonly stableMs: number;
  /**
   * The same, where it is shorter, for a server that has kept the stream before: what closes soon after that is a line that
   * breaks often, which is to be borne, rather than a refusal.
   */
  readonly stableAgainMs: number;
  /** A connection that takes no packet for this long is lost. */
  readonly writeMs: number;
  /**
   * Only servers that answered the first ping are asked again. A line that passes less than `pingEveryMs / silentMs` of the
   * stream is lost.
   */
  readonly pingEveryMs: number;
  /** One of these that gives no sign of life for this long is lost. */
  readonly silentMs: number;
  /** The longest wait between two tries. */
  readonly waitMs: number;
  /** What still waits when the broadcast ends has this long to leave. */
  readonly drainMs: number;
}

export const defaultTiming: DestinationTiming = {
  openMs: 12_000,
  acknowledgeMs: 1_000,
  stableMs: 5_000,
  stableAgainMs: 2_000,
  writeMs: 10_000,
  pingEveryMs: 1_000,
  silentMs: 8_000,
  waitMs: longestDelayMs,
  drainMs: 5_000,
};

interface StateDeadline {
  readonly within: keyof DestinationTiming;
  /** What happens then. */
  readonly then: ReconnectEvent['type'];
  /** In which case. */
  readonly when:
    'each-reading' | 'since-first-frame' | 'nothing-taken' | 'no-sign-of-life' | 'in-any-case';
}

/**
 * What ends a state in which nobody does anything. `idle` lasts until the source gives something, which has deadlines of
 * its own; what has ended or failed rests.
 */
export const stateDeadlines: Readonly<Record<ReconnectState['type'], readonly StateDeadline[]>> = {
  idle: [],
  connecting: [{ within: 'openMs', then: 'lost', when: 'each-reading' }],
  published: [
    { within: 'acknowledgeMs', then: 'accepted', when: 'since-first-frame' },
    { within: 'writeMs', then: 'lost', when: 'nothing-taken' },
  ],
  accepted: [
    { within: 'stableMs', then: 'stable', when: 'since-first-frame' },
    { within: 'silentMs', then: 'lost', when: 'no-sign-of-life' },
    { within: 'writeMs', then: 'lost', when: 'nothing-taken' },
  ],
  stable: [
    { within: 'silentMs', then: 'lost', when: 'no-sign-of-life' },
    { within: 'writeMs', then: 'lost', when: 'nothing-taken' },
  ],
  waiting: [{ within: 'waitMs', then: 'due', when: 'in-any-case' }],
  stopping: [{ within: 'drainMs', then: 'stop-overdue', when: 'in-any-case' }],
  ended: [],
  failed: [],
};
