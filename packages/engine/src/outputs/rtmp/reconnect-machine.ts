import type { FinishReason } from '../output.js';

/** How it went so far. */
export interface History {
  /** Whether it has been live: before that a failure is final, for the streamer is there and can put it right. */
  readonly wasLive: boolean;
  /** Tries to reconnect since it was live. */
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
  /** The server takes the stream; whether it keeps it shows in a while. */
  | { readonly type: 'proving'; readonly history: History }
  | { readonly type: 'live' }
  /** Lost; connects again at `until`, in milliseconds since the epoch. */
  | { readonly type: 'waiting'; readonly history: History; readonly until: number }
  /** No more will come; what waits is being sent. `proved`: this connection has stood for long enough. */
  | { readonly type: 'draining'; readonly history: History; readonly proved: boolean }
  | { readonly type: 'stopped' }
  /** `over`: no more will come, or there is nowhere to go; otherwise it can be tried again. */
  | { readonly type: 'failed'; readonly over: boolean };

export type ReconnectEvent =
  /** The first packet is there. */
  | { readonly type: 'media' }
  /** The server has accepted the stream. */
  | { readonly type: 'published' }
  /** It has kept it for long enough. */
  | { readonly type: 'proved' }
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
  | 'count-reconnect'
  /** Wakes us with `drain-overdue`. */
  | 'limit-draining'
  /** Drops the connection, or the try to make one. */
  | 'cancel';

export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly effects: readonly ReconnectEffect[];
}

/** About nine minutes, by {@link reconnectDelayMs}. */
export const maxReconnectAttempts = 20;
/** A server that this often in a row took the stream only to close it does not want it. */
export const maxRefusals = 2;

const fresh: History = { wasLive: false, attempt: 0, refusals: 0, isRetry: false };
const again: History = { ...fresh, isRetry: true };
const recovered: History = { ...fresh, wasLive: true };

const enter = (state: ReconnectState, ...effects: ReconnectEffect[]): ReconnectStep => ({
  state,
  effects,
});
const stopped = { type: 'stopped' } as const;
const failed = { type: 'failed', over: false } as const;
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
  const { wasLive, attempt, refusals } = history;
  const givenUp = attempt >= maxReconnectAttempts || refusals >= maxRefusals;
  if (!wasLive || final || givenUp) return enter(failed);
  return enter({ type: 'waiting', history, until: at + delayMs(attempt) }, 'wait');
}

const reconnecting = ({ history }: StateOf<'waiting'>, attempt: number): ReconnectStep =>
  enter(
    { type: 'connecting', history: { ...history, attempt }, finishing: false },
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
    published: ({ history, finishing }) => {
      const counted = history.wasLive ? (['count-reconnect'] as const) : [];
      return finishing
        ? enter({ type: 'draining', history, proved: false }, ...counted, 'limit-draining')
        : enter({ type: 'proving', history }, ...counted);
    },
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
  proving: {
    proved: () => enter({ type: 'live' }),
    lost: ({ history }, event, delayMs) =>
      afterLoss({ ...history, refusals: history.refusals + 1 }, event, delayMs),
    finish: ({ history }) => enter({ type: 'draining', history, proved: false }, 'limit-draining'),
    retry: (state) => enter(state),
  },
  live: {
    lost: (_, event, delayMs) => afterLoss(recovered, event, delayMs),
    finish: () => enter({ type: 'draining', history: recovered, proved: true }, 'limit-draining'),
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
    proved: ({ history }) =>
      enter({ type: 'draining', history: { ...history, wasLive: true }, proved: true }),
    sent: () => enter(stopped),
    lost: ({ history }) => enter(history.wasLive ? stopped : failedForGood),
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
    finish: () => enter(failedForGood),
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
