import { expect, test } from 'vitest';
import { decideBitrate, type DestinationVote } from './bitrate-policy.js';

const vote = (id: string, bitrate: number, sustained = bitrate): DestinationVote => ({
  ...{ id, bitrate, sustained },
});
const cap = 1_000;

test('where nobody wants less, nobody is named', () => {
  expect(decideBitrate('drop-slowest', [vote('a', Infinity)], cap)).toEqual({
    ...{ bitrate: Infinity, loweredFor: [], overruled: [] },
  });
});

test('the slowest decides, unless it takes less than half of what the best one takes', () => {
  const votes = [vote('a', Infinity), vote('b', 600), vote('c', 800)];
  expect(decideBitrate('drop-slowest', votes, cap)).toMatchObject({
    ...{ bitrate: 600, loweredFor: ['b'], overruled: [] },
  });
  expect(decideBitrate('drop-slowest', [...votes, vote('d', 400)], cap)).toMatchObject({
    ...{ bitrate: 600, loweredFor: ['b'], overruled: ['d'] },
  });
});

test('one that takes far less counts again only when it takes clearly more', () => {
  const decide = (bitrate: number) =>
    decideBitrate('drop-slowest', [vote('a', Infinity), vote('b', bitrate)], cap, ['b']);
  expect(decide(550).overruled).toEqual(['b']);
  expect(decide(650)).toMatchObject({ bitrate: 650, overruled: [] });
});

test('one that only lets its queue empty still counts', () => {
  const votes = [vote('a', Infinity), vote('b', 300, 700)];
  expect(decideBitrate('drop-slowest', votes, cap)).toMatchObject({ bitrate: 300, overruled: [] });
});

test('where all are slow, all are slow together', () => {
  const votes = [vote('a', 200), vote('b', 150)];
  expect(decideBitrate('drop-slowest', votes, cap)).toMatchObject({ bitrate: 150, overruled: [] });
});

test('the first alone decides where it is protected, the slowest of all where all are', () => {
  const votes = [vote('a', 700), vote('b', 100)];
  expect(decideBitrate('protect-first', votes, cap)).toMatchObject({
    ...{ bitrate: 700, loweredFor: ['a'], overruled: ['b'] },
  });
  expect(decideBitrate('protect-all', votes, cap)).toMatchObject({
    ...{ bitrate: 100, loweredFor: ['b'], overruled: [] },
  });
});
