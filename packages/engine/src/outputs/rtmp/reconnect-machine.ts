import type { FinishReason } from '../output.js';
import {
  comingBackMs,
  heldMs,
  keptMs,
  longestWaitWhileHeldMs,
  maxDenials,
  maxEarlyRefusals,
  maxHangUps,
  maxRefusals,
  toldShortLives,
} from './reconnect-limits.js';

/** How it went so far. */
export interface History {
  /** Whether media was taken: before that a failure is final, for the streamer is there and can put it right. */
  readonly wasLive: boolean;
  /** Whether a server has kept it for long enough: before that it may be one that does not want it. */
  readonly wasStable: boolean;
  /** Tries to reconnect since it was lost. */
  readonly tries: number;
  /** Those of them since somebody asked to try at once: the waits grow with it. */
  readonly attempt: number;
  /** When it was lost, in milliseconds since the epoch; undefined before, and since somebody asked to try at once. */
  readonly lostAt?: number | undefined;
  /** How often in a row the server took the stream only to close it. */
  readonly refusals: number;
  /** How often in a row it has said no. */
  readonly denials: number;
  /** How often it hung up instead of taking the stream, before it ever had it: that is a no, or it was being restarted. */
  readonly hangUps: number;
  /** Since when it has said that somebody publishes there, which may be we ourselves, before the loss. */
  readonly heldSince?: number | undefined;
  /** How often in a row it has kept the stream for long enough to be taken for stable, and for less than `keptMs`. */
  readonly shortLives: number;
  /** Tried again after a failure: its beginning was missed, so that there is nothing to be sent after the end. */
  readonly isRetry: boolean;
}

export type ReconnectState =
  /** There is nothing to send yet. */
  | { readonly type: 'idle' }
  /** On the way to the server. `finishing`: the program is over, and what waits is sent once the server takes it. */
  | { readonly type: 'connecting'; readonly history: History; readonly finishing: boolean }
  /** The server has accepted the stream; whether it takes media, and keeps it, shows in a while. */
  | { readonly type: 'published'; readonly history: History }
  /** It has taken the first media: somebody may be watching. */
  | { readonly type: 'accepted'; readonly history: History }
  /** It has kept the stream for long enough, since `since`, in milliseconds since the epoch. */
  | { readonly type: 'stable'; readonly history: History; readonly since: number }
  /** Lost; connects again at `until`, in milliseconds since the epoch. */
  | {
      readonly type: 'waiting';
      readonly history: History;
      readonly until: number;
      readonly reason: WaitReason;
    }
  /** No more will come; what waits is being sent. `reached`: how far this connection had come. */
  | {
      readonly type: 'stopping';
      readonly history: History;
      readonly reached: 'published' | 'accepted' | 'stable';
    }
  | { readonly type: 'ended' }
  /**
   * `over`: no more will come, or there is nowhere to go; otherwise it can be tried again. `gaveUp`: it had been live, and
   * trying again by itself has ended or was of no use.
   */
  | { readonly type: 'failed'; readonly over: boolean; readonly gaveUp?: true };

/**
 * What people are told of a wait: the server is `away`; it still takes us for there, `held`; or it `keeps-closing` what it
 * has taken.
 */
export type WaitReason = 'away' | 'held' | 'keeps-closing';

/**
 * Why a connection was lost, or could not be made: `line`, which may be better the next time; `busy`, somebody publishes
 * there; `denied`, the server said no to the stream; `unanswered`, it hung up instead, without a word; `final`, trying again
 * cannot succeed.
 */
export type LossCause = 'line' | 'busy' | 'denied' | 'unanswered' | 'final';

export type ReconnectEvent =
  /** The first packet is there. */
  | { readonly type: 'media' }
  /** The server has accepted the stream. */
  | { readonly type: 'published' }
  /** It has taken the first media. */
  | { readonly type: 'accepted' }
  /** It has kept the stream for long enough, at `at`. */
  | { readonly type: 'stable'; readonly at: number }
  /** The connection could not be made, or has ended, at `at`. */
  | { readonly type: 'lost'; readonly cause: LossCause; readonly at: number }
  /** The time to try again has come. */
  | { readonly type: 'due' }
  /** Somebody asks to try again at once. */
  | { readonly type: 'retry' }
  /** This computer has a network again, or another one. */
  | { readonly type: 'network-up' }
  /** No more packets will come. */
  | { readonly type: 'finish'; readonly reason: FinishReason }
  /** Everything is sent and the stream unpublished. */
  | { readonly type: 'sent' }
  /** What was left could not be sent in time. */
  | { readonly type: 'stop-overdue' };

/** Milliseconds to wait before a try to reconnect, counted from 0, at a server that kept it shortly so often. */
export type ReconnectDelay = (attempt: number, shortLives: number) => number;

export interface ReconnectPolicy {
  readonly delayMs: ReconnectDelay;
  /** For how long it is tried to reconnect, in milliseconds; Infinity: for ever. */
  readonly limitMs: number;
}

/** What is to be done on the way into a state. */
export type ReconnectEffect =
  | 'connect'
  /** Drops a try that has not reached the server yet, and begins another: the first may wait for a network that is gone. */
  | 'connect-anew'
  /** Wakes us with `due` at the state's `until`. */
  | 'wait'
  /** Ends the wait that was begun. */
  | 'stop-waiting'
  /** Wakes us with `drain-overdue`. */
  | 'limit-stopping'
  /** Drops the connection, or the try to make one. */
  | 'cancel';

export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly effects: readonly ReconnectEffect[];
}

const fresh: History = {
  ...{ wasLive: false, wasStable: false },
  ...{ tries: 0, attempt: 0, refusals: 0, denials: 0, hangUps: 0, shortLives: 0, isRetry: false },
};
const again: History = { ...fresh, isRetry: true };
const recovered: History = { ...fresh, wasLive: true, wasStable: true };

const enter = (state: ReconnectState, ...effects: ReconnectEffect[]): ReconnectStep => ({
  state,
  effects,
});
const ended = { type: 'ended' } as const;
const failed = { type: 'failed', over: false } as const;
const gaveUp = { ...failed, gaveUp: true } as const;
const failedForGood = { type: 'failed', over: true } as const;

type StateOf<T extends ReconnectState['type']> = Extract<ReconnectState, { type: T }>;
type EventOf<T extends ReconnectEvent['type']> = Extract<ReconnectEvent, { type: T }>;

type Transitions = {
  readonly [S in ReconnectState['type']]: {
    readonly [E in ReconnectEvent['type']]?: (
      state: StateOf<S>,
      event: EventOf<E>,
      policy: ReconnectPolicy,
    ) => ReconnectStep;
  };
};

/** What is known of it after another loss. */
function lostAgain(before: History, { cause, at }: EventOf<'lost'>): History {
  return {
    ...before,
    lostAt: before.lostAt ?? at,
    denials: cause === 'denied' ? before.denials + 1 : 0,
    hangUps: cause === 'unanswered' && !before.wasLive ? before.hangUps + 1 : before.hangUps,
    heldSince: cause === 'busy' ? (before.heldSince ?? at) : undefined,
  };
}

/** Whether there is no hope, or no time left. */
function isHopeless(history: History, { cause, at }: EventOf<'lost'>, limitMs: number): boolean {
  const { wasStable, denials, refusals, lostAt = at } = history;
  const isRefused = refusals >= (wasStable ? maxRefusals : maxEarlyRefusals);
  const isLate = at - lostAt >= limitMs;
  return cause === 'final' || denials >= maxDenials || isRefused || isLate;
}

/**
 * Before it was live a failure is told at once, for the streamer is there; but a server that hung up where it should have
 * taken the stream may have been stopped in that moment, and is met again when it is back.
 */
const mayComeBack = ({ hangUps, lostAt }: History, { cause, at }: EventOf<'lost'>): boolean =>
  hangUps > 0 &&
  hangUps < maxHangUps &&
  (cause === 'line' || cause === 'unanswered') &&
  at - (lostAt ?? at) < comingBackMs;

/** After a loss: waits for the next try, unless there is none. */
function afterLoss(
  before: History,
  event: EventOf<'lost'>,
  { delayMs, limitMs }: ReconnectPolicy,
): ReconnectStep {
  const history = lostAgain(before, event);
  if (!before.wasLive && !mayComeBack(history, event)) return enter(failed);
  if (isHopeless(history, event, limitMs)) return enter(before.wasLive ? gaveUp : failed);
  const { attempt, shortLives, heldSince = event.at } = history;
  const delay = delayMs(attempt, shortLives);
  const isHeld = event.cause === 'busy';
  // It lets go of the old session by itself, and then we are to be there.
  const isAskedOften = isHeld && event.at - heldSince < heldMs;
  const waitMs = isAskedOften ? Math.min(delay, longestWaitWhileHeldMs) : delay;
  const reason = isHeld ? 'held' : shortLives >= toldShortLives ? 'keeps-closing' : 'away';
  return enter({ type: 'waiting', history, until: event.at + waitMs, reason }, 'wait');
}

/** The server took the stream only to close it: that is how many refuse. */
const refused = (
  { history }: StateOf<'published' | 'accepted'>,
  event: EventOf<'lost'>,
  policy: ReconnectPolicy,
): ReconnectStep => afterLoss({ ...history, refusals: history.refusals + 1 }, event, policy);

/** A server that has kept the stream. One that keeps it only shortly each time is told from one that is well. */
function afterStable(
  { history, since }: StateOf<'stable'>,
  event: EventOf<'lost'>,
  policy: ReconnectPolicy,
): ReconnectStep {
  const wasShort = event.at - since < keptMs;
  const { lostAt, shortLives } = history;
  const before = wasShort ? { ...recovered, lostAt, shortLives: shortLives + 1 } : recovered;
  return afterLoss(before, event, policy);
}

const reconnecting = (history: History): ReconnectStep =>
  enter(
    { type: 'connecting', history: { ...history, tries: history.tries + 1 }, finishing: false },
    'stop-waiting',
    'connect',
  );

/**
 * Everything that can happen to a destination, and what follows from it. What is not in the table cannot happen.
 *
 * No timers, sockets or queues: {@link RtmpDestination} has them.
 */
const transitions: Transitions = {
  idle: {
    media: () => enter({ type: 'connecting', history: fresh, finishing: false }, 'connect'),
    // The address is no address: known before anything is sent.
    lost: () => enter(failedForGood),
    finish: () => enter(ended),
    retry: (state) => enter(state),
    'network-up': (state) => enter(state),
  },
  connecting: {
    published: ({ history, finishing }) =>
      finishing
        ? enter({ type: 'stopping', history, reached: 'published' }, 'limit-stopping')
        : enter({ type: 'published', history }),
    lost: ({ history, finishing }, event, policy) =>
      finishing ? enter(failedForGood) : afterLoss(history, event, policy),
    finish: (state, { reason }) => {
      if (reason === 'stopped') return enter(ended, 'cancel');
      // A program that was shorter than the way to the server arrives all the same; what was lost on the way back to
      // the server is lost for good.
      const { wasLive, isRetry } = state.history;
      if (wasLive || isRetry) return enter(failedForGood, 'cancel');
      return enter({ ...state, finishing: true });
    },
    retry: (state) => enter(state),
    'network-up': (state) =>
      state.history.wasLive && !state.finishing ? enter(state, 'connect-anew') : enter(state),
  },
  published: {
    accepted: ({ history }) =>
      enter({
        type: 'accepted',
        history: { ...history, wasLive: true, denials: 0, heldSince: undefined },
      }),
    lost: refused,
    finish: ({ history }) =>
      enter({ type: 'stopping', history, reached: 'published' }, 'limit-stopping'),
    retry: (state) => enter(state),
    'network-up': (state) => enter(state),
  },
  accepted: {
    stable: ({ history }, { at }) => enter({ type: 'stable', history, since: at }),
    lost: refused,
    finish: ({ history }) =>
      enter({ type: 'stopping', history, reached: 'accepted' }, 'limit-stopping'),
    retry: (state) => enter(state),
    'network-up': (state) => enter(state),
  },
  stable: {
    lost: afterStable,
    finish: () =>
      enter({ type: 'stopping', history: recovered, reached: 'stable' }, 'limit-stopping'),
    retry: (state) => enter(state),
    'network-up': (state) => enter(state),
  },
  waiting: {
    due: ({ history }) => reconnecting({ ...history, attempt: history.attempt + 1 }),
    // Somebody is there and cares: the waits begin anew, and the limit.
    retry: ({ history }) => reconnecting({ ...history, attempt: 0, lostAt: undefined }),
    'network-up': ({ history }) => reconnecting({ ...history, attempt: 0 }),
    finish: (_, { reason }) => enter(reason === 'stopped' ? ended : failedForGood, 'stop-waiting'),
  },
  stopping: {
    accepted: ({ history }) => enter({ type: 'stopping', history, reached: 'accepted' }),
    stable: ({ history }) =>
      enter({
        type: 'stopping',
        history: { ...history, wasLive: true, wasStable: true },
        reached: 'stable',
      }),
    sent: () => enter(ended),
    lost: ({ history }) => enter(history.wasStable ? ended : failedForGood),
    'stop-overdue': () => enter(ended, 'cancel'),
    finish: (state) => enter(state),
    retry: (state) => enter(state),
    'network-up': (state) => enter(state),
  },
  ended: {
    media: () => enter(ended),
    finish: () => enter(ended),
    retry: () => enter(ended),
    'network-up': () => enter(ended),
  },
  failed: {
    media: (state) => enter(state),
    finish: (state) => enter({ ...state, over: true }),
    'network-up': (state) => enter(state),
    // Whoever asks for it has put right what was wrong. It goes on as after a loss, from the next keyframe.
    retry: (state) =>
      state.over
        ? enter(state)
        : enter({ type: 'connecting', history: again, finishing: false }, 'connect'),
  },
};

/**
 * The state after `event`, and what is to be done.
 *
 * @throws Error for what cannot happen in this state, which is a mistake of the caller.
 */
export function stepReconnect(
  state: ReconnectState,
  event: ReconnectEvent,
  policy: ReconnectPolicy,
): ReconnectStep {
  const transition = transitions[state.type][event.type] as
    | ((state: ReconnectState, event: ReconnectEvent, policy: ReconnectPolicy) => ReconnectStep)
    | undefined;
  if (!transition) throw new Error(`a destination that is ${state.type} cannot get ${event.type}`);
  return transition(state, event, policy);
}
