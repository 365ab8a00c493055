import { expect, test } from 'vitest';
import { trend } from './soak/trend.js';

test('the slope of a line is found, and nothing is left of doubt', () => {
  const line = Array.from({ length: 30 }, (_, x) => [x, 2 + 3 * x] as const);
  const { slope, low, high } = trend(line, 5);
  expect(slope).toBeCloseTo(3, 9);
  expect(high - low).toBeLessThan(1e-6);
});

// Least squares by hand, with t = 2.776 of the tables for four degrees of freedom.
test('the interval is that of the tables', () => {
  const values = [2.1, 1.8, 2.6, 2.2, 2.9, 2.4].map((y, index) => [index + 1, y] as const);
  const { slope, low, high } = trend(values, 1);
  expect(slope).toBeCloseTo(0.1257, 4);
  expect(low).toBeCloseTo(-0.103, 2);
  expect(high).toBeCloseTo(0.355, 2);
});

test('too few values are no trend', () => {
  expect(() => trend([[1, 1]], 1)).toThrow('too few');
});
