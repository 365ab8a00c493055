import { expect, it } from 'vitest';
import { redactKey } from './redact-key.js';

it.each([
  { text: 'stream abc123 is busy', key: 'abc123', expected: 'stream ••• is busy' },
  { text: 'live/abc123?t=xyzzy', key: 'abc123?t=xyzzy', expected: 'live/•••' },
  { text: 'token xyzzy is old', key: 'abc123?t=xyzzy', expected: 'token ••• is old' },
  { text: 'no a%2Fb+c here', key: 'a/b+c', expected: 'no a%2Fb+c here' },
  { text: 'no a%2Fb%2Bc here', key: 'a/b+c', expected: 'no ••• here' },
  { text: 'a cat sat', key: 'a', expected: '••• cat sat' },
  { text: 'nobody_720p: Nobody is there', key: 'nobody', expected: '•••_720p: ••• is there' },
  { text: 'publishers publish upstream', key: 'stream', expected: 'publishers publish upstream' },
  { text: 'live/camera?token=1', key: 'camera', expected: 'live/•••?token=1' },
  { text: 'xlive-7f3a9bx LIVE-7F3A9B', key: 'live-7f3a9b', expected: 'x•••x •••' },
  { text: 'xabcdefghijklx', key: 'abcdefghijkl', expected: 'x•••x' },
  { text: 'a lone surrogate', key: 'k\ud800', expected: 'a lone surrogate' },
  { text: 'nothing of it', key: 'abc123', expected: 'nothing of it' },
  { text: 'empty', key: '', expected: 'empty' },
])('"$text" with key "$key"', ({ text, key, expected }) => {
  expect(redactKey(text, key)).toBe(expected);
});
