import { expect, it } from 'vitest';
import { FramesBetween } from './frames-between.js';

/** What is counted after each of `samples`, of which each is what went in and what came out so far. */
const counts = (...samples: readonly [number, number][]): number[] => {
  const between = new FramesBetween();
  return samples.map(([offered, taken]) => between.count(offered, taken));
};

it('takes what is on its way for no loss, however it varies', () => {
  expect(counts([15, 12], [30, 28], [45, 40], [60, 59], [75, 66], [90, 85], [99, 98])).toEqual(
    new Array(7).fill(0),
  );
});

it('counts what never comes out, once it is certain', () => {
  const steady: [number, number][] = [0, 15, 30, 45].map((frames) => [frames + 2, frames]);
  const later: [number, number][] = [60, 75, 90, 105].map((frames) => [frames + 2, frames - 5]);
  expect(counts(...steady, ...later).at(-2)).toBe(0);
  expect(counts(...steady, ...later).at(-1)).toBe(5);
});

it('forgets no loss', () => {
  const between = new FramesBetween();
  for (let at = 0; at < 4; at += 1) between.count(10, 10);
  for (let at = 0; at < 4; at += 1) between.count(20, 15);
  expect(between.count(30, 30)).toBe(5);
});
