import { expect, test } from 'vitest';
import { maxReconnectAttempts } from './reconnect-machine.js';
import { reconnectDelayMs } from './reconnect-delay.js';

const delays = Array.from({ length: maxReconnectAttempts }, (_, attempt) =>
  reconnectDelayMs(attempt, () => 0.5),
);

test('tries at once, then each second for a quarter of a minute, then less and less often', () => {
  expect(delays.slice(0, 4)).toEqual([250, 1_000, 1_000, 1_000]);
  expect(delays[15]).toBe(1_000);
  expect(delays.slice(16, 18)).toEqual([1_500, 2_250]);
  expect(delays.at(-1)).toBe(30_000);
  expect(reconnectDelayMs(0, () => 0)).toBeLessThan(reconnectDelayMs(0, () => 1));
});

test('goes on for about ten minutes', () => {
  const minutes = delays.reduce((sum, delay) => sum + delay, 0) / 60_000;
  expect(minutes).toBeGreaterThan(8);
  expect(minutes).toBeLessThan(12);
});
