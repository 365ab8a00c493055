import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  comingBackMs,
  heldMs,
  keptMs,
  longestWaitWhileHeldMs,
  maxDenials,
  maxEarlyRefusals,
  maxRefusals,
} from './reconnect-limits.js';
import {
  stepReconnect,
  type History,
  type ReconnectEvent,
  type ReconnectState,
  type ReconnectPolicy,
  type ReconnectStep,
} from './reconnect-machine.js';

const delayMs = (attempt: number): number => 1000 * (attempt + 1);
const policy: ReconnectPolicy = { delayMs, limitMs: Infinity };
const step = (state: ReconnectState, event: ReconnectEvent): ReconnectStep =>
  stepReconnect(state, event, policy);

const at = 1_000_000;
const fresh: History = {
  ...{ wasLive: false, wasStable: false },
  ...{ tries: 0, attempt: 0, refusals: 0, denials: 0, hangUps: 0, shortLives: 0, isRetry: false },
};
const taken: History = { ...fresh, wasLive: true };
const lostOnce: History = { ...taken, wasStable: true };
const retried: History = { ...fresh, isRetry: true };

const states = {
  idle: { type: 'idle' },
  'connecting, first': { type: 'connecting', history: fresh, finishing: false },
  'connecting, first, finishing': { type: 'connecting', history: fresh, finishing: true },
  'connecting, again': { type: 'connecting', history: lostOnce, finishing: false },
  'connecting, retried': { type: 'connecting', history: retried, finishing: false },
  'published, first': { type: 'published', history: fresh },
  'published, again': { type: 'published', history: lostOnce },
  'accepted, first': { type: 'accepted', history: taken },
  'accepted, again': { type: 'accepted', history: lostOnce },
  stable: { type: 'stable', history: lostOnce, since: at - 60_000 },
  waiting: { type: 'waiting', history: lostOnce, until: at + 1000, reason: 'away' },
  'stopping, first': { type: 'stopping', history: fresh, reached: 'published' },
  'stopping, first, accepted': { type: 'stopping', history: fresh, reached: 'accepted' },
  'stopping, again': { type: 'stopping', history: lostOnce, reached: 'published' },
  ended: { type: 'ended' },
  failed: { type: 'failed', over: false },
  'gave up': { type: 'failed', over: false, gaveUp: true },
  'failed for good': { type: 'failed', over: true },
} as const satisfies Record<string, ReconnectState>;

const events = {
  media: { type: 'media' },
  published: { type: 'published' },
  accepted: { type: 'accepted' },
  stable: { type: 'stable', at: at - 60_000 },
  lost: { type: 'lost', cause: 'line', at },
  'lost for good': { type: 'lost', cause: 'final', at },
  due: { type: 'due' },
  retry: { type: 'retry' },
  'source ended': { type: 'finish', reason: 'source-ended' },
  stop: { type: 'finish', reason: 'stopped' },
  sent: { type: 'sent' },
  'stop overdue': { type: 'stop-overdue' },
} as const satisfies Record<string, ReconnectEvent>;

const hungUp = { type: 'lost', cause: 'unanswered', at } as const satisfies ReconnectEvent;
const networkUp = { type: 'network-up' } as const satisfies ReconnectEvent;

/** What follows, in short: the state, what is to be done, and what else is worth a look. `-`: it cannot happen. */
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  idle: {
    ...{ media: 'connecting: connect', published: '-', accepted: '-', stable: '-' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-', retry: 'idle' },
    ...{ 'source ended': 'ended', stop: 'ended', sent: '-', 'stop overdue': '-' },
  },
  'connecting, first': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'connecting' },
    ...{ 'source ended': 'connecting (finishing)', stop: 'ended: cancel' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'connecting, first, finishing': {
    ...{ media: '-', published: 'stopping: limit-stopping', accepted: '-', stable: '-' },
    ...{
      lost: 'failed (over)',
      'lost for good': 'failed (over)',
      due: '-',
      retry: 'connecting (finishing)',
    },
    ...{ 'source ended': 'connecting (finishing)', stop: 'ended: cancel' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'connecting, again': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'connecting',
    },
    ...{ 'source ended': 'failed (over): cancel', stop: 'ended: cancel' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'connecting, retried': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'connecting' },
    ...{ 'source ended': 'failed (over): cancel', stop: 'ended: cancel' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'published, first': {
    ...{ media: '-', published: '-', accepted: 'accepted', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'published' },
    ...{ 'source ended': 'stopping: limit-stopping', stop: 'stopping: limit-stopping' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'published, again': {
    ...{ media: '-', published: '-', accepted: 'accepted', stable: '-' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'published',
    },
    ...{ 'source ended': 'stopping: limit-stopping', stop: 'stopping: limit-stopping' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'accepted, first': {
    ...{ media: '-', published: '-', accepted: '-', stable: 'stable' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'accepted',
    },
    ...{
      'source ended': 'stopping (accepted): limit-stopping',
      stop: 'stopping (accepted): limit-stopping',
    },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'accepted, again': {
    ...{ media: '-', published: '-', accepted: '-', stable: 'stable' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'accepted',
    },
    ...{
      'source ended': 'stopping (accepted): limit-stopping',
      stop: 'stopping (accepted): limit-stopping',
    },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  stable: {
    ...{ media: '-', published: '-', accepted: '-', stable: '-' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'stable',
    },
    ...{
      'source ended': 'stopping (stable): limit-stopping',
      stop: 'stopping (stable): limit-stopping',
    },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  waiting: {
    ...{ media: '-', published: '-', accepted: '-', stable: '-', lost: '-', 'lost for good': '-' },
    ...{ due: 'connecting: stop-waiting, connect', retry: 'connecting: stop-waiting, connect' },
    ...{ 'source ended': 'failed (over): stop-waiting', stop: 'ended: stop-waiting' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'stopping, first': {
    ...{ media: '-', published: '-', accepted: 'stopping (accepted)', stable: 'stopping (stable)' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-', retry: 'stopping' },
    ...{ 'source ended': 'stopping', stop: 'stopping' },
    ...{ sent: 'ended', 'stop overdue': 'ended: cancel' },
  },
  'stopping, first, accepted': {
    ...{ media: '-', published: '-', accepted: 'stopping (accepted)', stable: 'stopping (stable)' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-' },
    ...{ retry: 'stopping (accepted)' },
    ...{ 'source ended': 'stopping (accepted)', stop: 'stopping (accepted)' },
    ...{ sent: 'ended', 'stop overdue': 'ended: cancel' },
  },
  'stopping, again': {
    ...{ media: '-', published: '-', accepted: 'stopping (accepted)', stable: 'stopping (stable)' },
    ...{ lost: 'ended', 'lost for good': 'ended', due: '-', retry: 'stopping' },
    ...{ 'source ended': 'stopping', stop: 'stopping' },
    ...{ sent: 'ended', 'stop overdue': 'ended: cancel' },
  },
  ended: {
    ...{
      media: 'ended',
      published: '-',
      accepted: '-',
      stable: '-',
      lost: '-',
      'lost for good': '-',
    },
    ...{ due: '-', retry: 'ended', 'source ended': 'ended', stop: 'ended' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  failed: {
    ...{
      media: 'failed',
      published: '-',
      accepted: '-',
      stable: '-',
      lost: '-',
      'lost for good': '-',
    },
    ...{ due: '-', retry: 'connecting: connect' },
    ...{ 'source ended': 'failed (over)', stop: 'failed (over)' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'gave up': {
    ...{ media: 'failed (gave up)', published: '-', accepted: '-', stable: '-' },
    ...{ lost: '-', 'lost for good': '-', due: '-', retry: 'connecting: connect' },
    ...{ 'source ended': 'failed (over) (gave up)', stop: 'failed (over) (gave up)' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
  'failed for good': {
    ...{
      media: 'failed (over)',
      published: '-',
      accepted: '-',
      stable: '-',
      lost: '-',
      'lost for good': '-',
    },
    ...{ due: '-', retry: 'failed (over)' },
    ...{ 'source ended': 'failed (over)', stop: 'failed (over)' },
    ...{ sent: '-', 'stop overdue': '-' },
  },
};

function inShort({ state, effects }: ReconnectStep): string {
  const more =
    state.type === 'waiting'
      ? ` (${state.until - at})`
      : state.type === 'connecting' && state.finishing
        ? ' (finishing)'
        : state.type === 'stopping' && state.reached !== 'published'
          ? ` (${state.reached})`
          : state.type === 'failed'
            ? `${state.over ? ' (over)' : ''}${state.gaveUp ? ' (gave up)' : ''}`
            : '';
  return `${state.type}${more}${effects.length > 0 ? `: ${effects.join(', ')}` : ''}`;
}

describe('the reconnect machine', () => {
  const pairs = Object.keys(states).flatMap((state) =>
    Object.keys(events).map(
      (event) => [state, event] as [keyof typeof states, keyof typeof events],
    ),
  );

  test.each(pairs)('%s × %s', (state, event) => {
    const expected = table[state][event];
    const result = (): ReconnectStep => step(states[state], events[event]);
    if (expected === '-') expect(result).toThrow(/cannot get/);
    else expect(inShort(result())).toBe(expected);
  });

  test.each([
    ['waiting', 'connecting: stop-waiting, connect'],
    ['connecting, again', 'connecting: connect-anew'],
    // The streamer is there, and sees how it goes.
    ['connecting, first', 'connecting'],
    ['connecting, first, finishing', 'connecting (finishing)'],
    ['stable', 'stable'],
    ['failed', 'failed'],
    ['gave up', 'failed (gave up)'],
    ['ended', 'ended'],
  ] as const)('%s × a network that comes up', (state, expected) => {
    expect(inShort(step(states[state], networkUp))).toBe(expected);
  });

  it('waits longer from try to try, for ever or until its limit is over', () => {
    const history = { ...lostOnce, attempt: 3, lostAt: at - 60_000 };
    const state: ReconnectState = { type: 'connecting', history, finishing: false };
    expect(inShort(step(state, events.lost))).toBe('waiting (4000): wait');
    const within = (limitMs: number): string =>
      inShort(stepReconnect(state, events.lost, { delayMs, limitMs }));
    expect(within(60_001)).toBe('waiting (4000): wait');
    expect(within(60_000)).toBe('failed (gave up)');
    // Without a limit to it nothing is tried at all.
    expect(inShort(stepReconnect(states.stable, events.lost, { delayMs, limitMs: 0 }))).toBe(
      'failed (gave up)',
    );
  });

  /** How each loss in a row, at those times, ends; the connection is made anew in between. */
  const lose = (...losses: readonly Extract<ReconnectEvent, { type: 'lost' }>[]): string[] => {
    let state: ReconnectState = step(states.stable, events.lost).state;
    return losses.map((loss) => {
      if (state.type === 'waiting') state = step(state, events.due).state;
      const result = step(state, loss);
      state = result.state;
      return state.type === 'waiting' ? `${state.reason} ${state.until - loss.at}` : state.type;
    });
  };

  it('takes a stream that is busy for its own old session, and asks often for two minutes', () => {
    const busy = (ms: number) => ({ type: 'lost', cause: 'busy', at: at + ms }) as const;
    const told = lose(busy(0), busy(10_000), busy(60_000), busy(heldMs - 1), busy(heldMs));
    expect(told).toEqual(['held 2000', 'held 3000', 'held 4000', 'held 5000', 'held 6000']);
    expect(longestWaitWhileHeldMs).toBe(5_000);
    // When the server was away meanwhile, the two minutes begin anew.
    const away = { ...events.lost, at: at + 100_000 };
    const again = lose(busy(0), busy(1), busy(2), away, busy(heldMs));
    expect(again.at(-1)).toBe('held 5000');
    // Before it was live, it is somebody else's.
    const first = step(states['connecting, first'], busy(0));
    expect(inShort(first)).toBe('failed');
  });

  it('takes no twice in a row for a no', () => {
    const denied = { type: 'lost', cause: 'denied', at } as const;
    expect(lose(denied, denied)).toEqual(['away 2000', 'failed']);
    expect(maxDenials).toBe(2);
    expect(lose(denied, events.lost, denied, denied).at(-1)).toBe('failed');
    expect(lose(denied, events.lost, denied).at(-1)).toBe('away 4000');
    expect(inShort(step(states['connecting, first'], denied))).toBe('failed');
  });

  it('tells a server that keeps the stream for seconds each time, and how often it did', () => {
    const asked: number[] = [];
    const counting: ReconnectPolicy = {
      limitMs: Infinity,
      delayMs: (_, shortLives) => {
        asked.push(shortLives);
        return 1_000;
      },
    };
    let state: ReconnectState = states.stable;
    const reasons: string[] = [];
    for (let now = at; reasons.length < 4; now += 5_000) {
      const ways = [
        { type: 'lost', cause: 'line', at: now },
        { type: 'due' },
        { type: 'published' },
        { type: 'accepted' },
        { type: 'stable', at: now + 3_000 },
      ] as const;
      for (const event of ways) {
        state = stepReconnect(state, event, counting).state;
        if (state.type === 'waiting') reasons.push(state.reason);
      }
    }
    expect(asked).toEqual([0, 1, 2, 3]);
    expect(reasons).toEqual(['away', 'away', 'away', 'keeps-closing']);
    const since = state.type === 'stable' ? state.since : NaN;
    const kept = { type: 'lost', cause: 'line', at: since + keptMs } as const;
    expect(stepReconnect(state, kept, counting).state).toMatchObject({
      reason: 'away',
      history: { shortLives: 0, lostAt: kept.at },
    });
  });

  it('begins with the shortest wait again after it was live, and when somebody asks', () => {
    const late: ReconnectState = {
      type: 'waiting',
      history: { ...lostOnce, tries: 9, attempt: 9, lostAt: at - 60_000 },
      until: at,
      reason: 'away',
    };
    const due = step(late, events.due).state;
    expect(due).toMatchObject({ history: { tries: 10, attempt: 10 } });
    // What people read goes on counting.
    expect(step(late, events.retry).state).toMatchObject({
      history: { tries: 10, attempt: 0, lostAt: undefined },
    });
    const published = step(due, events.published).state;
    const accepted = step(published, events.accepted).state;
    const stable = step(accepted, events.stable).state;
    expect(inShort(step(stable, events.lost))).toBe('waiting (1000): wait');
  });

  it('takes repeated closes after the accept for a refusal', () => {
    let state: ReconnectState = states.stable;
    state = step(state, events.lost).state;
    for (let refusal = 1; refusal <= maxRefusals; refusal++) {
      state = step(state, events.due).state;
      state = step(state, events.published).state;
      state = step(state, events.lost).state;
      expect(state.type, `after ${refusal}`).toBe(refusal < maxRefusals ? 'waiting' : 'failed');
    }
  });

  it('gives a server that never kept it a second try, and no third', () => {
    let state: ReconnectState = { type: 'connecting', history: fresh, finishing: false };
    for (let refusal = 1; refusal <= maxEarlyRefusals; refusal++) {
      for (const event of ['published', 'accepted'] as const) {
        state = step(state, events[event]).state;
      }
      state = step(state, events.lost).state;
      if (refusal === maxEarlyRefusals) break;
      // It may be down for long: that is no refusal.
      for (let tries = 0; tries < 10; tries++) {
        state = step(step(state, events.due).state, events.lost).state;
        expect(state.type).toBe('waiting');
      }
      state = step(state, events.due).state;
    }
    expect(state).toEqual(states['gave up']);
  });

  it('tries a server that hangs up before it ever had the stream as after a loss, once', () => {
    const first: ReconnectState = { type: 'connecting', history: fresh, finishing: false };
    const hangUp = { type: 'lost', cause: 'unanswered', at } as const;
    let state = step(first, hangUp).state;
    expect(state).toMatchObject({ type: 'waiting', until: at + 1_000, reason: 'away' });
    // It is down while it starts anew.
    for (const after of [1_000, 30_000, comingBackMs - 1]) {
      state = step(step(state, events.due).state, { ...events.lost, at: at + after }).state;
      expect(state.type).toBe('waiting');
    }
    const back = step(state, events.due).state;
    expect(step(back, { ...events.lost, at: at + comingBackMs }).state).toEqual(states.failed);
    expect(step(back, { ...hangUp, at: at + 2_000 }).state).toEqual(states.failed);
    expect(step(back, { ...events.lost, cause: 'denied', at }).state).toEqual(states.failed);
    const live = step(step(back, events.published).state, events.accepted).state;
    expect(live.type).toBe('accepted');
    // What was live is a loss like any other, however often.
    let lost: ReconnectState = states['connecting, again'];
    for (let tries = 0; tries < 5; tries++) {
      lost = step(lost, hangUp).state;
      expect(lost.type).toBe('waiting');
      lost = step(lost, events.due).state;
    }
    // And whoever wants no second try gets none.
    expect(stepReconnect(first, hangUp, { delayMs, limitMs: 0 }).state).toEqual(states.failed);
  });

  it('keeps its promises on ten thousand walks', () => {
    const anyEvent = fc.constantFrom(...Object.values(events), networkUp, hungUp);
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (list) => {
        const connection = { open: false };
        let state: ReconnectState = { type: 'idle' };
        let timers = 0;
        let finished = false;
        for (const event of list) {
          // A connection that is not there says nothing, and a timer that was not set does not ring.
          const isOfConnection = ['published', 'accepted', 'stable', 'lost', 'sent'].includes(
            event.type,
          );
          if (isOfConnection && state.type !== 'idle' && !connection.open) continue;
          let result: ReconnectStep;
          try {
            result = step(state, event);
          } catch {
            continue;
          }
          const before = state;
          state = result.state;
          if (event.type === 'finish') finished = true;
          for (const effect of result.effects) {
            if (effect === 'connect') {
              expect(connection.open, 'one connection at a time').toBe(false);
              connection.open = true;
            }
            if (effect === 'connect-anew') expect(connection.open).toBe(true);
            if (effect === 'cancel') connection.open = false;
            if (effect === 'wait') timers++;
            if (effect === 'stop-waiting') timers--;
          }
          if (event.type === 'lost' || event.type === 'sent') connection.open = false;
          expect(timers, 'a timer while it waits, and only then').toBe(
            state.type === 'waiting' ? 1 : 0,
          );
          const wantsConnection = ['connecting', 'published', 'accepted', 'stable', 'stopping'];
          expect(connection.open, state.type).toBe(wantsConnection.includes(state.type));
          if (before.type === 'ended') expect(state.type).toBe('ended');
          if (finished) {
            expect(['stable', 'accepted', 'waiting', 'idle', 'published']).not.toContain(
              state.type,
            );
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
