import { expect, test } from 'vitest';
import { bitrateChoices } from './encoding-choices.js';
import { windowMessages } from './messages-store.js';

test('a bitrate that is none of the usual ones has its place among them, once', () => {
  const messages = windowMessages('en');
  const kilobits = (bits: number): number[] =>
    bitrateChoices(bits, messages).map(({ value }) => Number(value));
  const usual = kilobits(2_500_000);
  expect(usual).toEqual(usual.toSorted((a, b) => a - b));
  // What a check has measured can be taken over, and is found where it is looked for.
  expect(kilobits(13_500_000)).toEqual([...usual, 13_500].toSorted((a, b) => a - b));
  expect(kilobits(2_300_000)).toHaveLength(usual.length + 1);
});
