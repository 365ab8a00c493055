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
    { type: 'trouble', error: first, triesAgain: true },
    { type: 'first-try', inMs: 250 },
  ]);
  expect(back(first, 4_000)).toEqual([{ type: 'back', afterMs: 3_000, attempt: 1 }]);
  expect(back(first, 4_500)).toEqual([]);
  expect(loss(second, 9_000)[0]).toEqual({ type: 'trouble', error: second, triesAgain: true });
  expect(back(second, 9_500)).toEqual([{ type: 'back', afterMs: 500, attempt: 1 }]);
});

test('the same failure of each try is told once, another one too, and the last as what it is', () => {
  const story = new DestinationStory();
  const types = (state: 'reconnecting' | 'failed', error: ReturnType<typeof lost>) =>
    story
      .follow(status({ state, lastError: error, lostAt: 1 }), 1)
      .map((event) => (event.type === 'trouble' ? [event.error.code, event.triesAgain] : event));
  expect(types('reconnecting', lost())).toEqual([['CONNECTION_LOST', true]]);
  expect(types('reconnecting', refused())).toEqual([['CONNECTION_REFUSED', true]]);
  expect(types('reconnecting', refused())).toEqual([]);
  const denied = describeError('STREAM_REFUSED', { host: 'a', reason: 'no' });
  expect(types('failed', denied)).toEqual([['STREAM_REFUSED', false]]);
});
