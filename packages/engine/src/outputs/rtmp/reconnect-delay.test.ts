import { expect, test } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.js';

const delays = Array.from({ length: 60 }, (_, attempt) => reconnectDelayMs(attempt, 0, () => 0.5));

test('tries at once, then within each second for half a minute, then less and less often', () => {
  expect(delays[0]).toBeLessThanOrEqual(250);
  const quick = delays.slice(1, 35);
  expect(quick.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(29_000);
  for (const attempt of [1, 10, 34]) {
    expect(reconnectDelayMs(attempt, 0, () => 1)).toBeLessThan(1_000);
  }
  expect(delays[36]).toBeGreaterThan(1_500);
  expect(delays.toSorted((a, b) => a - b)).toEqual(delays);
  expect(delays.at(-1)).toBe(30_000);
  expect(reconnectDelayMs(50, 0, () => 1)).toBe(30_000);
  expect(reconnectDelayMs(50, 0, () => 0)).toBe(27_000);
});

test('is not tired by a line that breaks often for a minute, and is by one that goes on so', () => {
  const first = (shortLives: number): number => reconnectDelayMs(0, shortLives, () => 0.5);
  expect(first(15)).toBe(first(0));
  expect(first(16)).toBeGreaterThan(1_000);
  expect(first(17)).toBeGreaterThan(first(16));
  expect(first(100)).toBe(10_000);
});
