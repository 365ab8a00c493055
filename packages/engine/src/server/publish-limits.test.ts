import { expect, test } from 'vitest';
import { Allowance } from './publish-limits.js';

test('what keeps to its rate, or makes up for ten seconds of silence, may go on', () => {
  const allowance = new Allowance(1000);
  for (let second = 0; second < 100; second += 1)
    expect(allowance.exceeds(1000, second * 1000)).toBe(false);
  expect(allowance.exceeds(10_000, 110_000)).toBe(false);
});

test('what sends a tenth more than it may is over after a while, and not at once', () => {
  const allowance = new Allowance(1000);
  let second = 0;
  while (!allowance.exceeds(1100, second * 1000)) second += 1;
  expect(second).toBeGreaterThan(80);
  expect(second).toBeLessThan(120);
});

test('what comes all at once is over', () => {
  const allowance = new Allowance(1000);
  expect(allowance.exceeds(9999, 0)).toBe(false);
  expect(allowance.exceeds(2, 0)).toBe(true);
});
