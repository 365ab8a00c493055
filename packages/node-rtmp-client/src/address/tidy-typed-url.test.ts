import { expect, it } from 'vitest';
import { tidyTypedUrl } from './tidy-typed-url.js';

it.each([
  ['rtmp：//127.0.0.1：29350/live', 'rtmp://127.0.0.1:29350/live'],
  ['ｒｔｍｐｓ：／／ｌｉｖｅ。example．com／ａｐｐ', 'rtmps://live.example.com/app'],
  ['推流地址：rtmp://host/live', 'rtmp://host/live'],
  ['服务器 rtmp：//host/live', 'rtmp://host/live'],
  ['Server: rtmp://host/live', 'rtmp://host/live'],
  ['推流地址\u3000rtmp://host\u3000', 'rtmp://host '],
  ['rtmp://host／live？vhost＝x', 'rtmp://host/live?vhost=x'],
  ['https：//host/live', 'https://host/live'],
  // Keys and passwords stay as they are, whatever is in them.
  ['rtmp：//host／ｌｉｖｅ／ｋｅｙ：１', 'rtmp://host/live/ｋｅｙ：１'],
  ['rtmp://host/live/key？token＝１', 'rtmp://host/live/key？token＝１'],
  ['rtmp：//me:ｗord＠host/live', 'rtmp://me:ｗord@host/live'],
])('%s is meant as %s', (typed, meant) => {
  expect(tidyTypedUrl(typed)).toBe(meant);
});

it.each([
  'rtmp://host:1935/app/key?a=b/c',
  'rtmp://host',
  'http://host/?u=rtmp://a/b',
  'xrtmp://host/live',
  'live_rtmp',
  '',
])('%s stays as it is', (text) => {
  expect(tidyTypedUrl(text)).toBe(text);
});
