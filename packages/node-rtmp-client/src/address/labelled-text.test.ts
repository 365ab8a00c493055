import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLabelledText, tidyTypedKey } from './labelled-text.js';
import { tidyTypedUrl } from './tidy-typed-url.js';
import { keyInServerUrl, splitWholeUrl } from './typed-address.js';

const bilibili = '?streamname=live_123_45&key=ab12cd&schedule=rtmp&pflag=1';

it.each([
  [
    `服务器地址：rtmp://live-push.bilivideo.com/live-bvc/ 串流密钥：${bilibili}`,
    { serverUrl: 'rtmp://live-push.bilivideo.com/live-bvc/', streamKey: bilibili },
  ],
  [
    '推流地址:rtmp://push.example/live\n推流码:stream-401?expire=66&sign=ab',
    { serverUrl: 'rtmp://push.example/live', streamKey: 'stream-401?expire=66&sign=ab' },
  ],
  [
    '服务器地址：rtmp://a.example/live/串流密钥：k1',
    { serverUrl: 'rtmp://a.example/live/', streamKey: 'k1' },
  ],
  [
    '串流密钥：k-1，服务器地址：rtmp://a.example/live',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'k-1' },
  ],
  [
    '串流密钥：k-1服务器地址：rtmp://a.example/live',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'k-1' },
  ],
  [
    'Server: rtmp://a.example/live\r\nStream key: live_1_ab',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'live_1_ab' },
  ],
  [
    'Stream URL\trtmps://a.example:443/app/\nStream Key\tFB-1-0-ab',
    { serverUrl: 'rtmps://a.example:443/app/', streamKey: 'FB-1-0-ab' },
  ],
  [
    '**Server**: `rtmp://a.example/live` **Stream key**: `live_1`',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'live_1' },
  ],
  [
    '服务器：“rtmp://a.example/live”，串流密钥（Stream Key）：“k1”。',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'k1' },
  ],
  [
    '伺服器：rtmp：／／a.example／live 串流金鑰：k1',
    { serverUrl: 'rtmp://a.example/live', streamKey: 'k1' },
  ],
  ['rtmp://a.example/live\nk1', { serverUrl: 'rtmp://a.example/live', streamKey: 'k1' }],
  [
    'Server: rtmp://me:word@a.example/live stream key: k1',
    {
      ...{ serverUrl: 'rtmp://a.example/live', streamKey: 'k1' },
      credentials: { user: 'me', password: 'word' },
    },
  ],
])('%s is told apart', (text, parts) => {
  expect(splitWholeUrl(text)).toEqual(parts);
  expect(keyInServerUrl(text)).toBe(parts.streamKey);
});

it.each([
  ['“rtmp://a.example/live”', 'rtmp://a.example/live'],
  ['"rtmp://a.example/live"', 'rtmp://a.example/live'],
  ['推流地址「rtmp://a.example/live」', 'rtmp://a.example/live'],
  ['服务器：rtmp://a.example/live 串流密钥：k1', 'rtmp://a.example/live/k1'],
])('%s is meant as %s', (text, url) => {
  expect(tidyTypedUrl(text)).toBe(url);
});

it.each([
  ['串流密钥：abc', 'abc'],
  ['Stream key: live_1?a=b', 'live_1?a=b'],
  [' “abc” ', 'abc'],
  ['推流码：“abc”', 'abc'],
  // These may be keys.
  ['key:abc', 'key:abc'],
  ['mystreamkey:abc', 'mystreamkey:abc'],
  ['a"b"', 'a"b"'],
  ['串流密钥：', '串流密钥：'],
])('the key %s is meant as %s', (text, key) => {
  expect(tidyTypedKey(text)).toBe(key);
});

it.each([
  'rtmp://host/app/K\nEY',
  'rtmp://host/流/key',
  'rtmp://host/app/stream_key',
  'rtmp://host/app/a:b',
  'stream key: k',
])('%s is no text with labels', (text) => {
  expect(readLabelledText(text)).toBeUndefined();
});

/** What keys are made of: no spaces, quotes, commas, or Chinese. */
const keys = fc
  .stringMatching(/^[\w?][\w?=&%:./~+-]{0,60}$/)
  .filter((key) => !/server\s*:|stream[_-]?(key|name)\s*:|:\/\//i.test(key));

it('any key without a label stays as it is, and behind any label comes out whole', () => {
  const labels = fc.constantFrom(
    '串流密钥',
    '推流码',
    '直播码',
    'Stream key',
    '串流密钥（Stream Key）',
  );
  const marks = fc.constantFrom(':', '：', ': ', '： ', '\n', '\t', ' : ');
  const between = fc.constantFrom(' ', '\n', '，', '; ', '\t', '\r\n');
  const around = fc.constantFrom(['', ''], ['“', '”'], ['`', '`'], ['「', '」'], ['"', '"']);
  fc.assert(
    fc.property(keys, labels, marks, between, around, (key, label, mark, gap, [open, close]) => {
      expect(tidyTypedKey(key)).toBe(key);
      expect(tidyTypedKey(`${label}${mark}${open}${key}${close}`)).toBe(key);
      const url = 'rtmps://push.example:443/app';
      const text = `服务器地址${mark}${open}${url}${close}${gap}${label}${mark}${open}${key}${close}`;
      expect(splitWholeUrl(text)).toEqual({ serverUrl: url, streamKey: key });
    }),
  );
});
