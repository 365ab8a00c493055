import { expect, test } from 'vitest';
import { shortenMiddle } from './shorten-middle.js';

test.each([
  ['abcdefgh', 8, 'abcdefgh'],
  ['abcdefghi', 8, 'abcd…ghi'],
  ['abcdefghij', 7, 'abc…hij'],
  ['🎥🎥🎥🎥🎥', 3, '🎥…🎥'],
])('%s in %i characters is %s', (text, longest, expected) => {
  expect(shortenMiddle(text, longest)).toBe(expected);
});
