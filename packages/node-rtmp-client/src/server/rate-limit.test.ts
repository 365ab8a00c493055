import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.js';

it('lets a second of bytes through at once, then as many as time goes by', () => {
  const limit = new RateLimit(1000, 0);
  expect(limit.consume(1000, 0)).toBe(0);
  expect(limit.consume(500, 0)).toBe(500);
  expect(limit.consume(0, 500)).toBe(0);
  expect(limit.consume(250, 600)).toBe(150);
});

it('saves up no more than a second', () => {
  const limit = new RateLimit(1000, 0);
  expect(limit.consume(1500, 60_000)).toBe(500);
});

it('may be none', () => {
  const limit = new RateLimit(Infinity, 0);
  for (const now of [0, 0, 1]) expect(limit.consume(1e9, now)).toBe(0);
});
