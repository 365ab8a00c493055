import { expect, it } from 'vitest';
import { markLevels } from './mark-levels.js';

it('has those of one moment stand below each other, and others at the top', () => {
  const room = { width: 8, most: 10 };
  expect(markLevels([], room)).toEqual([]);
  expect(markLevels([100, 100, 100, 300], room)).toEqual([0, 1, 2, 0]);
  // Those that only overlap, too; where the one at the top is far enough away, there is room again.
  expect(markLevels([100, 105, 110, 118], room)).toEqual([0, 1, 0, 0]);
  expect(markLevels([110, 100, 105], room)).toEqual([0, 0, 1]);
});

it('has no more levels than there is room for', () => {
  expect(markLevels([1, 1, 1, 1], { width: 8, most: 2 })).toEqual([0, 1, 1, 1]);
  expect(markLevels([1, 1], { width: 8, most: 0 })).toEqual([0, 0]);
});
