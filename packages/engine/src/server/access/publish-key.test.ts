import { expect, test } from 'vitest';
import { checkPublishKey } from './publish-key.js';

test.each([
  ['key=secret', 'right'],
  ['a=b&key=secret', 'right'],
  ['key=s%65cret', 'right'],
  ['', 'missing'],
  ['key=', 'missing'],
  ['Key=secret', 'missing'],
  ['key=secret2', 'wrong'],
  ['key=SECRET', 'wrong'],
  ['key=wrong&key=secret', 'wrong'],
  ['key=%zz', 'wrong'],
])('%s is %s', (query, check) => {
  expect(checkPublishKey('secret', query)).toBe(check);
});

test('a key of any characters', () => {
  const key = '密 钥&=%+#?';
  expect(checkPublishKey(key, `key=${encodeURIComponent(key)}`)).toBe('right');
});
