import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import type { ClientSessionEvent } from '../session/client-event.js';
import { RtmpError } from '../session/rtmp-error.js';
import { EventWaiters } from './event-waiters.js';

const pong = (timestamp: number): ClientSessionEvent => ({ type: 'pong', timestamp });
const hasPong =
  (timestamp: number) =>
  (events: readonly ClientSessionEvent[]): boolean =>
    events.some((event) => event.type === 'pong' && event.timestamp === timestamp);

/** Who waits for a pong, and what became of it so far. */
function waitingFor(waiters: EventWaiters, timestamp: number, signal?: AbortSignal) {
  const outcomes: unknown[] = [];
  const ended = waiters.wait(hasPong(timestamp), 'streaming', signal).then(
    () => void outcomes.push('told'),
    (error: unknown) => void outcomes.push(error),
  );
  return { outcomes, ended };
}

/** Lets everybody hear who was called. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('lets each go once what it waits for has come, and only then', async () => {
  const waiters = new EventWaiters();
  const first = waitingFor(waiters, 1);
  const second = waitingFor(waiters, 2);
  waiters.tell([pong(3), pong(1)]);
  await turn();
  expect([first.outcomes, second.outcomes]).toEqual([['told'], []]);
  waiters.tell([pong(2)]);
  await second.ended;
  expect(second.outcomes).toEqual(['told']);
});

it('asks nobody again who has what it waited for', async () => {
  const waiters = new EventWaiters();
  let asked = 0;
  const done = waiters.wait(() => ++asked > 1, 'streaming');
  for (let i = 0; i < 5; i++) waiters.tell([]);
  await done;
  expect(asked).toBe(2);
});

it('fails all who wait, and none who come later', async () => {
  const waiters = new EventWaiters();
  const reason = new RtmpError('closed', 'streaming', 'it closed the connection');
  const waiting = [waitingFor(waiters, 1), waitingFor(waiters, 2)];
  waiters.fail(reason);
  const later = waitingFor(waiters, 1);
  await turn();
  expect(waiting.map(({ outcomes }) => outcomes)).toEqual([[reason], [reason]]);
  expect(later.outcomes).toEqual([]);
});

it('ends the waiting of those who are aborted, before or meanwhile', async () => {
  const waiters = new EventWaiters();
  const caller = new AbortController();
  const meanwhile = waitingFor(waiters, 1, caller.signal);
  const other = waitingFor(waiters, 1);
  caller.abort();
  const before = waitingFor(waiters, 1, caller.signal);
  waiters.tell([pong(1)]);
  await turn();
  const aborted = [{ code: 'aborted', phase: 'streaming' }];
  expect(meanwhile.outcomes).toMatchObject(aborted);
  expect(before.outcomes).toMatchObject(aborted);
  expect(other.outcomes).toEqual(['told']);
});

it('leaves nothing at a signal that outlives the waiting', async () => {
  const waiters = new EventWaiters();
  const { signal } = new AbortController();
  const waiting = waitingFor(waiters, 1, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  waiters.tell([pong(1)]);
  await waiting.ended;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
