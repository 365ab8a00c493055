import { expect, test } from 'vitest';
import { parseTimeToCome } from './time-to-come.js';

const now = Date.UTC(2030, 0, 1);
const read = (text: string): number => parseTimeToCome('--until', text, now);

test.each([
  ['90m', 90 * 60_000],
  ['45s', 45_000],
  ['12h', 12 * 3_600_000],
  ['7d', 7 * 86_400_000],
])('%s is from now on', (text, ms) => expect(read(text)).toBe(now + ms));

test('a time is of this computer, unless it names a zone', () => {
  expect(read('2030-01-31T20:00Z')).toBe(Date.UTC(2030, 0, 31, 20));
  expect(read('2030-01-31T20:00:30+01:00')).toBe(Date.UTC(2030, 0, 31, 19, 0, 30));
  expect(read('2030-01-31 20:00')).toBe(new Date(2030, 0, 31, 20).getTime());
  expect(read('2030-01-31')).toBe(new Date(2030, 0, 31).getTime());
});

test.each([
  '',
  '0h',
  '-1h',
  '12',
  '1y',
  'tomorrow',
  '2029-12-31T23:59Z',
  '2030-13-01',
  '999999999d',
])('"%s" is refused: no time, or over', (text) => expect(() => read(text)).toThrow('not-a-time'));
