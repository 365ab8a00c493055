import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FigureRing } from './figure-ring.js';

const row = (values: Record<string, number>): ReadonlyMap<string, number> =>
  new Map(Object.entries(values));

const columnOf = (ring: FigureRing, name: string): number[] =>
  Array.from({ length: ring.length }, (_, index) => ring.value(name, index));

const timesOf = (ring: FigureRing): number[] =>
  Array.from({ length: ring.length }, (_, index) => ring.time(index));

it('keeps the newest rows, oldest first', () => {
  const ring = new FigureRing(3, 8);
  for (const time of [1, 2, 3, 4, 5]) ring.push(time, row({ a: time * 10 }));
  expect(timesOf(ring)).toEqual([3, 4, 5]);
  expect(columnOf(ring, 'a')).toEqual([30, 40, 50]);
});

it('has no value before a figure began, nor after it ended', () => {
  const ring = new FigureRing(4, 8);
  ring.push(1, row({ a: 1 }));
  ring.push(2, row({ a: 2, b: 7 }));
  ring.push(3, row({ b: 8 }));
  expect(columnOf(ring, 'a')).toEqual([1, 2, NaN]);
  expect(columnOf(ring, 'b')).toEqual([NaN, 7, 8]);
});

it('forgets a figure with its last value', () => {
  const ring = new FigureRing(2, 8);
  ring.push(1, row({ a: 1 }));
  ring.push(2, row({ b: 2 }));
  expect(ring.names).toEqual(['a', 'b']);
  ring.push(3, row({ b: 3 }));
  expect(ring.names).toEqual(['b']);
});

it('never holds more columns than it may: the one that ended first makes room', () => {
  const ring = new FigureRing(8, 2);
  ring.push(1, row({ a: 1, b: 1 }));
  ring.push(2, row({ a: 2 }));
  ring.push(3, row({ a: 3, c: 3 }));
  expect(ring.names).toEqual(['a', 'c']);
  expect(columnOf(ring, 'c')).toEqual([NaN, NaN, 3]);
});

it('says the same as a list that is cut', () => {
  const rows = fc.array(
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 1000 })),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 12 }), (pushed, capacity) => {
      const ring = new FigureRing(capacity, 3);
      for (const [index, values] of pushed.entries()) ring.push(index, row(values));
      const kept = pushed.slice(-capacity);
      expect(ring.length).toBe(kept.length);
      for (const name of ['a', 'b', 'c']) {
        expect(columnOf(ring, name)).toEqual(kept.map((values) => values[name] ?? NaN));
      }
    }),
  );
});
