import { describe, expect, test } from 'vitest';
import { CodedFrameGrid } from './coded-frame-grid.js';

const interval = 1e6 / 30;
const even = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => (from + index) * interval);

function place(stamps: readonly number[]): number[] {
  const grid = new CodedFrameGrid(30, stamps.slice(0, 10));
  return stamps.map((stamp) => grid.place(stamp));
}

/** Distances between frames, in intervals. */
const steps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / interval));

describe('frames with jitter', () => {
  test('become even, and keep their place on the clock', () => {
    const jitter = [0, 9, -7, 12, -11, 3, 14, -2, 8, -9];
    const stamps = even(90).map((time, index) => time + 1000 * (jitter[index % 10] ?? 0));
    const times = place(stamps);
    expect(steps(times)).toEqual(Array.from({ length: 89 }, () => 1));
    times.forEach((time, index) => {
      expect(Math.abs(time - index * interval)).toBeLessThanOrEqual(5000);
    });
  });

  test('that come in a bunch after a delay are spread over the places they belong to', () => {
    const stamps = even(60);
    // Nothing for 133 ms, then four at once.
    for (let index = 30; index < 34; index += 1) stamps[index] = 34 * interval + index * 100;
    const times = place(stamps);
    expect(steps(times)).toEqual(Array.from({ length: 59 }, () => 1));
  });

  test('do not take their phase from a first frame that was late', () => {
    const [first = 0, ...rest] = even(30);
    const times = place([first + 25_000, ...rest]);
    expect(Math.abs((times.at(-1) ?? 0) - 29 * interval)).toBeLessThan(1000);
  });
});

test.each([1, 2, 3])('%i lost frames leave their places empty', (lost) => {
  const stamps = [...even(40), ...even(40, 40 + lost)];
  const times = place(stamps);
  expect(steps(times).reduce((sum, step) => sum + step)).toBe(79 + lost);
  expect(Math.abs((times.at(-1) ?? 0) - (stamps.at(-1) ?? 0))).toBeLessThan(interval / 2);
  // Meanwhile picture and sound are apart by no more than was lost.
  times.forEach((time, index) => {
    expect(Math.abs(time - (stamps[index] ?? 0))).toBeLessThanOrEqual(lost * interval + 1);
  });
});

test('a camera that was away comes back at its own time', () => {
  const stamps = [...even(40), ...even(40, 400)];
  const times = place(stamps);
  expect(Math.abs((times[40] ?? 0) - 400 * interval)).toBeLessThan(interval);
});

test.each([15, 24, 25, 50, 60])('a camera at %i fps stays with the sound', (fps) => {
  const stamps = Array.from({ length: 300 }, (_, index) => index * (1e6 / fps));
  const times = place(stamps);
  times.slice(100).forEach((time, index) => {
    expect(Math.abs(time - (stamps[index + 100] ?? 0))).toBeLessThanOrEqual(interval / 2 + 1);
  });
});

test('delays of many frames, caught up again, bend nothing', () => {
  const stamps = even(120).map((time, index) =>
    index >= 40 && index < 60 ? time + 1.2 * interval : time,
  );
  expect(steps(place(stamps))).toEqual(Array.from({ length: 119 }, () => 1));
});

test('times always rise', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const stamps = even(2000).map((time) => time + random() * 120_000);
  const times = place(stamps.toSorted((a, b) => a - b));
  times.slice(1).forEach((time, index) => expect(time).toBeGreaterThan(times[index] ?? 0));
});
