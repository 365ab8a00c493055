import type { FinishReason } from '../output.js';

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
  /** How often in a row the server took the stream only to close it. */
  readonly refusals: number;
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
  /** It has kept the stream for long enough. */
  | { readonly type: 'stable' }
  /** Lost; connects again at `until`, in milliseconds since the epoch. */
  | { readonly type: 'waiting'; readonly history: History; readonly until: number }
  /** No more will come; what waits is being sent. `reached`: how far this connection had come. */
  | {
      readonly type: 'draining';
      readonly history: History;
      readonly reached: 'published' | 'accepted' | 'stable';
    }
  | { readonly type: 'stopped' }
  /**
   * `over`: no more will come, or there is nowhere to go; otherwise it can be tried again. `gaveUp`: it had been live, and
   * trying again by itself has ended or was of no use.
   */
  | { readonly type: 'failed'; readonly over: boolean; readonly gaveUp?: true };

export type ReconnectEvent =
  /** The first packet is there. */
  | { readonly type: 'media' }
  /** The server has accepted the stream. */
  | { readonly type: 'published' }
  /** It has taken the first media. */
  | { readonly type: 'accepted' }
  /** It has kept the stream for long enough. */
  | { readonly type: 'stable' }
  /** The connection could not be made, or has ended, at `at`. `final`: trying again cannot succeed. */
  | { readonly type: 'lost'; readonly final: boolean; readonly at: number }
  /** The time to try again has come. */
  | { readonly type: 'due' }
  /** Somebody asks to try again at once. */
  | { readonly type: 'retry' }
  /** No more packets will come. */
  | { readonly type: 'finish'; readonly reason: FinishReason }
  /** Everything is sent and the stream unpublished. */
  | { readonly type: 'sent' }
  /** What was left could not be sent in time. */
  | { readonly type: 'drain-overdue' };

/** Milliseconds to wait before a try to reconnect, counted from 0. */
export type ReconnectDelay = (attempt: number) => number;

/** What is to be done on the way into a state. */
export type ReconnectEffect =
  | 'connect'
  /** Wakes us with `due` at the state's `until`. */
  | 'wait'
  /** Ends the wait that was begun. */
  | 'stop-waiting'
  /** Wakes us with `drain-overdue`. */
  | 'limit-draining'
  /** Drops the connection, or the try to make one. */
  | 'cancel';

export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly effects: readonly ReconnectEffect[];
}

/** About ten minutes, by {@link reconnectDelayMs}. */
export const maxReconnectAttempts = 40;
/** A server that this often in a row took the stream only to close it does not want it. */
export const maxRefusals = 5;
/** The same for one that has never kept it. Once may be chance: servers stop in the first seconds, too. */
export const maxEarlyRefusals = 2;

const fresh: History = {
  ...{ wasLive: false, wasStable: false },
  ...{ tries: 0, attempt: 0, refusals: 0, isRetry: false },
};
const again: History = { ...fresh, isRetry: true };
const recovered: History = { ...fresh, wasLive: true, wasStable: true };

const enter = (state: ReconnectState, ...effects: ReconnectEffect[]): ReconnectStep => ({
  state,
  effects,
});
const stopped = { type: 'stopped' } as const;
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
      delayMs: ReconnectDelay,
    ) => ReconnectStep;
  };
};

/** After a loss: waits for the next try, unless there is none. */
function afterLoss(
  history: History,
  { final, at }: EventOf<'lost'>,
  delayMs: ReconnectDelay,
): ReconnectStep {
  const { wasLive, wasStable, attempt, refusals } = history;
  if (!wasLive) return enter(failed);
  const isEnough =
    attempt >= maxReconnectAttempts || refusals >= (wasStable ? maxRefusals : maxEarlyRefusals);
  if (final || isEnough) return enter(gaveUp);
  return enter({ type: 'waiting', history, until: at + delayMs(attempt) }, 'wait');
}

/** The server took the stream only to close it: that is how many refuse. */
const refused = (
  { history }: StateOf<'published' | 'accepted'>,
  event: EventOf<'lost'>,
  delayMs: ReconnectDelay,
): ReconnectStep => afterLoss({ ...history, refusals: history.refusals + 1 }, event, delayMs);

const reconnecting = ({ history }: StateOf<'waiting'>, attempt: number): ReconnectStep =>
  enter(
    {
      type: 'connecting',
      history: { ...history, tries: history.tries + 1, attempt },
      finishing: false,
    },
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
    finish: () => enter(stopped),
    retry: (state) => enter(state),
  },
  connecting: {
    published: ({ history, finishing }) =>
      finishing
        ? enter({ type: 'draining', history, reached: 'published' }, 'limit-draining')
        : enter({ type: 'published', history }),
    lost: ({ history, finishing }, event, delayMs) =>
      finishing ? enter(failedForGood) : afterLoss(history, event, delayMs),
    finish: (state, { reason }) => {
      if (reason === 'stopped') return enter(stopped, 'cancel');
      // A program that was shorter than the way to the server arrives all the same; what was lost on the way back to
      // the server is lost for good.
      const { wasLive, isRetry } = state.history;
      if (wasLive || isRetry) return enter(failedForGood, 'cancel');
      return enter({ ...state, finishing: true });
    },
    retry: (state) => enter(state),
  },
  published: {
    accepted: ({ history }) => enter({ type: 'accepted', history: { ...history, wasLive: true } }),
    lost: refused,
    finish: ({ history }) =>
      enter({ type: 'draining', history, reached: 'published' }, 'limit-draining'),
    retry: (state) => enter(state),
  },
  accepted: {
    stable: () => enter({ type: 'stable' }),
    lost: refused,
    finish: ({ history }) =>
      enter({ type: 'draining', history, reached: 'accepted' }, 'limit-draining'),
    retry: (state) => enter(state),
  },
  stable: {
    lost: (_, event, delayMs) => afterLoss(recovered, event, delayMs),
    finish: () =>
      enter({ type: 'draining', history: recovered, reached: 'stable' }, 'limit-draining'),
    retry: (state) => enter(state),
  },
  waiting: {
    due: (state) => reconnecting(state, state.history.attempt + 1),
    // Somebody is there and cares: the waits begin anew from the shortest.
    retry: (state) => reconnecting(state, 0),
    finish: (_, { reason }) =>
      enter(reason === 'stopped' ? stopped : failedForGood, 'stop-waiting'),
  },
  draining: {
    accepted: ({ history }) => enter({ type: 'draining', history, reached: 'accepted' }),
    stable: ({ history }) =>
      enter({
        type: 'draining',
        history: { ...history, wasLive: true, wasStable: true },
        reached: 'stable',
      }),
    sent: () => enter(stopped),
    lost: ({ history }) => enter(history.wasStable ? stopped : failedForGood),
    'drain-overdue': () => enter(stopped, 'cancel'),
    finish: (state) => enter(state),
    retry: (state) => enter(state),
  },
  stopped: {
    media: () => enter(stopped),
    finish: () => enter(stopped),
    retry: () => enter(stopped),
  },
  failed: {
    media: (state) => enter(state),
    finish: (state) => enter({ ...state, over: true }),
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
  delayMs: ReconnectDelay,
): ReconnectStep {
  const transition = transitions[state.type][event.type] as
    | ((state: ReconnectState, event: ReconnectEvent, delayMs: ReconnectDelay) => ReconnectStep)
    | undefined;
  if (!transition) throw new Error(`a destination that is ${state.type} cannot get ${event.type}`);
  return transition(state, event, delayMs);
}
