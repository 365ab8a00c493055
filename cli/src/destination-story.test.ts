import { describeError, type DestinationStatus } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { DestinationStory } from './destination-story.js';

const lost = () => describeError('CONNECTION_LOST', { host: 'a', reason: 'gone' });
const refused = () => describeError('CONNECTION_REFUSED', { host: 'a', port: 1 });

const status = (change: Partial<DestinationStatus>): DestinationStatus => ({
  ...{ type: 'rtmp', id: '1', name: 'a', reach: 'public', url: 'rtmp://a/live', steps: [] },
  ...{ state: 'live', bytesSent: 0, framesSent: 0, framesDropped: 0, reconnects: 0 },
  ...change,
});

test('a loss, its first try, and the return are told once each, and again at the next loss', () => {
  const story = new DestinationStory();
  const loss = (error: ReturnType<typeof lost>, at: number) => [
    // What failed is known before it is known that there will be another try.
    ...story.follow(status({ lastError: error }), at),
    ...story.follow(
      status({
        ...{ state: 'reconnecting', lastError: error, lostAt: at },
        waiting: { attempt: 1, until: at + 250 },
      }),
      at,
    ),
  ];
  const back = (error: ReturnType<typeof lost>, at: number) =>
    story.follow(status({ lastError: error, reconnects: 1 }), at);
  const [first, second] = [lost(), lost()];
  expect(story.follow(status({}), 0)).toEqual([]);
  expect(loss(first, 1_000)).toEqual([
    { type: 'trouble', error: first, then: 'tries-again' },
    { type: 'first-try', inMs: 250 },
  ]);
  expect(back(first, 4_000)).toEqual([{ type: 'back', afterMs: 3_000, attempt: 1 }]);
  expect(back(first, 4_500)).toEqual([]);
  expect(loss(second, 9_000)[0]).toEqual({ type: 'trouble', error: second, then: 'tries-again' });
  expect(back(second, 9_500)).toEqual([{ type: 'back', afterMs: 500, attempt: 1 }]);
});

test('the same failure of each try is told once, another one too, and that it is given up', () => {
  const story = new DestinationStory();
  const types = (change: Partial<DestinationStatus>) =>
    story
      .follow(status({ lostAt: 1, ...change }), 1)
      .flatMap((event) => (event.type === 'trouble' ? [[event.error.code, event.then]] : []));
  const next = { state: 'reconnecting', waiting: { attempt: 1, until: 1 } } as const;
  expect(types({ ...next, lastError: lost() })).toEqual([['CONNECTION_LOST', 'tries-again']]);
  expect(types({ ...next, lastError: refused() })).toEqual([['CONNECTION_REFUSED', 'tries-again']]);
  expect(types({ ...next, lastError: refused() })).toEqual([]);
  const given = { state: 'failed', gaveUp: true, lastError: refused() } as const;
  // What failed is known before it is known that there will be no other try.
  expect(types({ ...given, state: 'reconnecting', gaveUp: false })).toEqual([]);
  expect(types(given)).toEqual([['CONNECTION_REFUSED', 'gave-up']]);
  expect(types(given)).toEqual([]);
});

test('a try that somebody asks for is told, though it fails as before; what is known already is not', () => {
  const story = new DestinationStory();
  const told = (change: Partial<DestinationStatus>) =>
    story
      .follow(status(change), 1)
      .flatMap((event) => (event.type === 'trouble' ? [event.error.code] : []));
  const first = refused();
  const gaveUp = { state: 'failed', gaveUp: true, lastError: first } as const;
  expect(told(gaveUp)).toEqual(['CONNECTION_REFUSED']);
  story.retried();
  // It is still to begin.
  expect(told(gaveUp)).toEqual([]);
  expect(told({ state: 'connecting', lastError: first })).toEqual([]);
  const failed = { state: 'failed', lastError: refused() } as const;
  expect(told(failed)).toEqual(['CONNECTION_REFUSED']);
  expect(told(failed)).toEqual([]);
  // Nothing was seen of it between.
  story.retried();
  expect(told({ state: 'failed', lastError: refused() })).toEqual(['CONNECTION_REFUSED']);
  // One that waits for its next try is tried at once.
  const waits = (): Partial<DestinationStatus> => ({
    ...{ state: 'reconnecting', waiting: { attempt: 1, until: 1 }, lastError: refused() },
  });
  expect(told(waits())).toEqual([]);
  story.retried();
  expect(told(waits())).toEqual(['CONNECTION_REFUSED']);
  expect(told(waits())).toEqual([]);
});

test('what ends while it is away is not said to be given up', () => {
  const story = new DestinationStory();
  const away = { lostAt: 1, lastError: lost() };
  story.follow(status({ ...away, state: 'reconnecting', waiting: { attempt: 1, until: 1 } }), 1);
  expect(story.follow(status({ ...away, state: 'failed' }), 1)).toEqual([]);
});

test('that a server is silent, and that it answers again, is told once each', () => {
  const story = new DestinationStory();
  const types = (change: Partial<DestinationStatus>) => story.follow(status(change), 1);
  expect(types({})).toEqual([]);
  expect(types({ silentMs: 6_100 })).toEqual([{ type: 'silent', forMs: 6_100 }]);
  expect(types({ silentMs: 8_100 })).toEqual([]);
  expect(types({})).toEqual([{ type: 'answers' }]);
  types({ silentMs: 6_100 });
  const waiting = { attempt: 1, until: 1 };
  const lostThen = types({ state: 'reconnecting', lostAt: 1, lastError: lost(), waiting });
  expect(lostThen.map(({ type }) => type)).toEqual(['trouble', 'first-try']);
});

test('which reading of a URL is tried next, and which is taken, is told', () => {
  const story = new DestinationStory();
  const types = (url: string, change: Partial<DestinationStatus> = {}) =>
    story.follow(status({ state: 'connecting', url, ...change }), 1);
  const steps = [{ phase: 'publish', state: 'done' }] as const;
  expect(types('rtmp://a/live/***')).toEqual([]);
  const [first, taken] = ['rtmp://a/live', 'rtmp://a/live/b'];
  expect(types(first)).toEqual([{ type: 'reading', url: first, isTaken: false }]);
  expect(types(first)).toEqual([]);
  expect(types(taken, { steps: [...steps] })).toEqual([
    { type: 'reading', url: taken, isTaken: true },
  ]);
  // That is no reading.
  expect(types('rtmp://b/live', { steps: [...steps], moves: 1 })).toEqual([]);
});

test('what never was live waits for its next try, and does not come back', () => {
  const story = new DestinationStory();
  const error = describeError('CLOSED_AT_PUBLISH', { host: 'a', port: 1 });
  const waiting = { attempt: 1, until: 1_250 };
  const away = { state: 'connecting', lastError: error, lostAt: 1_000 } as const;
  expect(story.follow(status({ ...away, waiting }), 1_000)).toEqual([
    { type: 'trouble', error, then: 'tries-again' },
    { type: 'first-try', inMs: 250 },
  ]);
  expect(story.follow(status({ lastError: error, goLiveMs: 4_000 }), 4_000)).toEqual([]);
});
