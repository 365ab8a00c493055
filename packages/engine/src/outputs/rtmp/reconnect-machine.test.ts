import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  maxReconnectAttempts,
  maxEarlyRefusals,
  maxRefusals,
  stepReconnect,
  type History,
  type ReconnectEvent,
  type ReconnectState,
  type ReconnectStep,
} from './reconnect-machine.js';

const delayMs = (attempt: number): number => 1000 * (attempt + 1);
const step = (state: ReconnectState, event: ReconnectEvent): ReconnectStep =>
  stepReconnect(state, event, delayMs);

const at = 1_000_000;
const fresh: History = {
  ...{ wasLive: false, wasStable: false },
  ...{ tries: 0, attempt: 0, refusals: 0, isRetry: false },
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
  stable: { type: 'stable' },
  waiting: { type: 'waiting', history: lostOnce, until: at + 1000 },
  'draining, first': { type: 'draining', history: fresh, reached: 'published' },
  'draining, first, accepted': { type: 'draining', history: fresh, reached: 'accepted' },
  'draining, again': { type: 'draining', history: lostOnce, reached: 'published' },
  stopped: { type: 'stopped' },
  failed: { type: 'failed', over: false },
  'gave up': { type: 'failed', over: false, gaveUp: true },
  'failed for good': { type: 'failed', over: true },
} as const satisfies Record<string, ReconnectState>;

const events = {
  media: { type: 'media' },
  published: { type: 'published' },
  accepted: { type: 'accepted' },
  stable: { type: 'stable' },
  lost: { type: 'lost', final: false, at },
  'lost for good': { type: 'lost', final: true, at },
  due: { type: 'due' },
  retry: { type: 'retry' },
  'source ended': { type: 'finish', reason: 'source-ended' },
  stop: { type: 'finish', reason: 'stopped' },
  sent: { type: 'sent' },
  'drain overdue': { type: 'drain-overdue' },
} as const satisfies Record<string, ReconnectEvent>;

/** What follows, in short: the state, what is to be done, and what else is worth a look. `-`: it cannot happen. */
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  idle: {
    ...{ media: 'connecting: connect', published: '-', accepted: '-', stable: '-' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-', retry: 'idle' },
    ...{ 'source ended': 'stopped', stop: 'stopped', sent: '-', 'drain overdue': '-' },
  },
  'connecting, first': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'connecting' },
    ...{ 'source ended': 'connecting (finishing)', stop: 'stopped: cancel' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'connecting, first, finishing': {
    ...{ media: '-', published: 'draining: limit-draining', accepted: '-', stable: '-' },
    ...{
      lost: 'failed (over)',
      'lost for good': 'failed (over)',
      due: '-',
      retry: 'connecting (finishing)',
    },
    ...{ 'source ended': 'connecting (finishing)', stop: 'stopped: cancel' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'connecting, again': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'connecting',
    },
    ...{ 'source ended': 'failed (over): cancel', stop: 'stopped: cancel' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'connecting, retried': {
    ...{ media: '-', published: 'published', accepted: '-', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'connecting' },
    ...{ 'source ended': 'failed (over): cancel', stop: 'stopped: cancel' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'published, first': {
    ...{ media: '-', published: '-', accepted: 'accepted', stable: '-' },
    ...{ lost: 'failed', 'lost for good': 'failed', due: '-', retry: 'published' },
    ...{ 'source ended': 'draining: limit-draining', stop: 'draining: limit-draining' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'published, again': {
    ...{ media: '-', published: '-', accepted: 'accepted', stable: '-' },
    ...{
      lost: 'waiting (1000): wait',
      'lost for good': 'failed (gave up)',
      due: '-',
      retry: 'published',
    },
    ...{ 'source ended': 'draining: limit-draining', stop: 'draining: limit-draining' },
    ...{ sent: '-', 'drain overdue': '-' },
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
      'source ended': 'draining (accepted): limit-draining',
      stop: 'draining (accepted): limit-draining',
    },
    ...{ sent: '-', 'drain overdue': '-' },
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
      'source ended': 'draining (accepted): limit-draining',
      stop: 'draining (accepted): limit-draining',
    },
    ...{ sent: '-', 'drain overdue': '-' },
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
      'source ended': 'draining (stable): limit-draining',
      stop: 'draining (stable): limit-draining',
    },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  waiting: {
    ...{ media: '-', published: '-', accepted: '-', stable: '-', lost: '-', 'lost for good': '-' },
    ...{ due: 'connecting: stop-waiting, connect', retry: 'connecting: stop-waiting, connect' },
    ...{ 'source ended': 'failed (over): stop-waiting', stop: 'stopped: stop-waiting' },
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'draining, first': {
    ...{ media: '-', published: '-', accepted: 'draining (accepted)', stable: 'draining (stable)' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-', retry: 'draining' },
    ...{ 'source ended': 'draining', stop: 'draining' },
    ...{ sent: 'stopped', 'drain overdue': 'stopped: cancel' },
  },
  'draining, first, accepted': {
    ...{ media: '-', published: '-', accepted: 'draining (accepted)', stable: 'draining (stable)' },
    ...{ lost: 'failed (over)', 'lost for good': 'failed (over)', due: '-' },
    ...{ retry: 'draining (accepted)' },
    ...{ 'source ended': 'draining (accepted)', stop: 'draining (accepted)' },
    ...{ sent: 'stopped', 'drain overdue': 'stopped: cancel' },
  },
  'draining, again': {
    ...{ media: '-', published: '-', accepted: 'draining (accepted)', stable: 'draining (stable)' },
    ...{ lost: 'stopped', 'lost for good': 'stopped', due: '-', retry: 'draining' },
    ...{ 'source ended': 'draining', stop: 'draining' },
    ...{ sent: 'stopped', 'drain overdue': 'stopped: cancel' },
  },
  stopped: {
    ...{
      media: 'stopped',
      published: '-',
      accepted: '-',
      stable: '-',
      lost: '-',
      'lost for good': '-',
    },
    ...{ due: '-', retry: 'stopped', 'source ended': 'stopped', stop: 'stopped' },
    ...{ sent: '-', 'drain overdue': '-' },
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
    ...{ sent: '-', 'drain overdue': '-' },
  },
  'gave up': {
    ...{ media: 'failed (gave up)', published: '-', accepted: '-', stable: '-' },
    ...{ lost: '-', 'lost for good': '-', due: '-', retry: 'connecting: connect' },
    ...{ 'source ended': 'failed (over) (gave up)', stop: 'failed (over) (gave up)' },
    ...{ sent: '-', 'drain overdue': '-' },
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
    ...{ sent: '-', 'drain overdue': '-' },
  },
};

function inShort({ state, effects }: ReconnectStep): string {
  const more =
    state.type === 'waiting'
      ? ` (${state.until - at})`
      : state.type === 'connecting' && state.finishing
        ? ' (finishing)'
        : state.type === 'draining' && state.reached !== 'published'
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

  it('waits longer from try to try, and gives up after the last one', () => {
    const next = (attempt: number): ReconnectStep =>
      step(
        { type: 'connecting', history: { ...lostOnce, attempt }, finishing: false },
        events.lost,
      );
    expect(inShort(next(3))).toBe('waiting (4000): wait');
    expect(inShort(next(maxReconnectAttempts - 1))).toMatch(/^waiting/);
    expect(inShort(next(maxReconnectAttempts))).toBe('failed (gave up)');
  });

  it('begins with the shortest wait again after it was live, and when somebody asks', () => {
    const late: ReconnectState = {
      type: 'waiting',
      history: { ...lostOnce, tries: 9, attempt: 9 },
      until: at,
    };
    const due = step(late, events.due).state;
    expect(due).toMatchObject({ history: { tries: 10, attempt: 10 } });
    // What people read goes on counting.
    expect(step(late, events.retry).state).toMatchObject({ history: { tries: 10, attempt: 0 } });
    const published = step(due, events.published).state;
    const accepted = step(published, events.accepted).state;
    const stable = step(accepted, events.stable).state;
    expect(inShort(step(stable, events.lost))).toBe('waiting (1000): wait');
  });

  it('takes repeated closes after the accept for a refusal', () => {
    let state: ReconnectState = { type: 'stable' };
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

  it('keeps its promises on ten thousand walks', () => {
    const anyEvent = fc.constantFrom(...Object.values(events));
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
            if (effect === 'cancel') connection.open = false;
            if (effect === 'wait') timers++;
            if (effect === 'stop-waiting') timers--;
          }
          if (event.type === 'lost' || event.type === 'sent') connection.open = false;
          expect(timers, 'a timer while it waits, and only then').toBe(
            state.type === 'waiting' ? 1 : 0,
          );
          const wantsConnection = ['connecting', 'published', 'accepted', 'stable', 'draining'];
          expect(connection.open, state.type).toBe(wantsConnection.includes(state.type));
          if (before.type === 'stopped') expect(state.type).toBe('stopped');
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
