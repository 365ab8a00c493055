import { expect, test } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.js';

test('waits two seconds, then half as much again, up to half a minute', () => {
  const delays = Array.from({ length: 12 }, (_, attempt) => reconnectDelayMs(attempt, () => 0.5));
  expect(delays.slice(0, 3)).toEqual([2_000, 3_000, 4_500]);
  expect(delays.at(-1)).toBe(30_000);
  expect(reconnectDelayMs(0, () => 0)).toBeLessThan(reconnectDelayMs(0, () => 1));
});
