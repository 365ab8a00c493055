import { expect, test } from 'vitest';
import { keyWarnings } from './key-warnings.js';

test.each([
  ['', []],
  ['live_1234_abcdef', []],
  [' live_1234 ', []],
  ['?streamname=live_1&key=abc&schedule=rtmp', []],
  ['key?back=https://a/b', []],
  ['live 1234', ['KEY_WITH_SPACE']],
  ['live\u30001234', ['KEY_WITH_SPACE']],
  ['live\n1234', ['KEY_WITH_SPACE']],
  ['ａｂｃ＝１', ['KEY_NOT_ASCII']],
  ['密钥abc', ['KEY_NOT_ASCII']],
  ['串流密钥：live 1', ['KEY_WITH_SPACE', 'KEY_NOT_ASCII']],
  ['abc\u200bdef', ['KEY_NOT_ASCII']],
  ['rtmp://a.example/live', ['KEY_IS_ADDRESS']],
  ['https://a.example/live', ['KEY_IS_ADDRESS']],
  ['rtmp：／／a.example/live', ['KEY_IS_ADDRESS', 'KEY_NOT_ASCII']],
])('of the key %j: %j', (key, codes) => {
  const warnings = keyWarnings(key, 'Church');
  expect(warnings.map(({ code }) => code)).toEqual(codes);
  // What was typed may be a secret.
  for (const { data } of warnings) expect(data).toEqual({ destination: 'Church' });
});
