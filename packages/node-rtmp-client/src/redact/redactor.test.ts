import { expect, it } from 'vitest';
import { Redactor } from './redactor.js';

it.each([
  { text: 'stream abc123 is busy', key: 'abc123', expected: 'stream *** is busy' },
  { text: 'live/abc123?t=xyzzy', key: 'abc123?t=xyzzy', expected: 'live/***' },
  { text: 'token xyzzy is old', key: 'abc123?t=xyzzy', expected: 'token *** is old' },
  { text: 'abc123 alone, t=xyzzy', key: 'abc123?t=xyzzy', expected: '*** alone, ***' },
  { text: 'no a%2Fb+c here', key: 'a/b+c', expected: 'no a%2Fb+c here' },
  { text: 'no a%2Fb%2Bc here', key: 'a/b+c', expected: 'no *** here' },
  { text: 'no a%2fb%2bc here', key: 'a/b+c', expected: 'no *** here' },
  { text: 'a%20long%20key/part', key: 'a long key/part', expected: '***' },
  { text: 'a long key/part', key: 'a%20long%20key%2Fpart', expected: '***' },
  { text: 'a cat sat at "a"', key: 'a', expected: 'a cat sat at "***"' },
  { text: 'rtmp://h/app/a, 9 kbit/s', key: 'a', expected: 'rtmp://h/app/***, 9 kbit/s' },
  { text: 'A camera; 9 kbit/s', key: 's', expected: 'A camera; 9 kbit/s' },
  { text: 'a', key: 'a', expected: '***' },
  { text: 'Ready to go live. LIVE', key: 'live', expected: 'Ready to go live. LIVE' },
  { text: 'rtmp://live.tv/live/live?a=1', key: 'live', expected: 'rtmp://live.tv/live/***?a=1' },
  { text: 'no live/live here', key: 'live', expected: 'no live/*** here' },
  { text: 'vhost=live is "live"', key: 'live', expected: 'vhost=*** is "***"' },
  { text: 'Stream live is live.', key: 'live', expected: 'Stream *** is live.' },
  { text: 'The stream ended', key: 'stream', expected: 'The stream ended' },
  { text: 'cam1 is busy', key: 'cam1', expected: '*** is busy' },
  { text: 'port 1935, /live/1935', key: '1935', expected: 'port 1935, /live/***' },
  { text: 'Publishing s4, S4!', key: 's4x', expected: 'Publishing s4, S4!' },
  { text: 'Publishing s4x, S4X!', key: 's4x', expected: 'Publishing ***, ***!' },
  { text: 'nobody_720p: Nobody is there', key: 'nobody', expected: '***_720p: *** is there' },
  { text: 'publishers publish upstream', key: 'stream', expected: 'publishers publish upstream' },
  {
    text: 'live/camera?token=1 of a camera',
    key: 'camera',
    expected: 'live/***?token=1 of a camera',
  },
  { text: 'xlive-7f3a9bx LIVE-7F3A9B', key: 'live-7f3a9b', expected: 'x***x ***' },
  { text: 'xabcdefghijklx', key: 'abcdefghijkl', expected: 'x***x' },
  { text: 'a+b (c) [d] {e} ^$|/\\', key: 'a+b (c) [d] {e} ^$|/\\', expected: '***' },
  { text: 'true? 1 abc123', key: 'abc123?test=true&n=1', expected: 'true? 1 ***' },
  { text: 'a lone surrogate', key: 'k\ud800', expected: 'a lone surrogate' },
  { text: 'a bad 100% escape', key: '100%', expected: 'a bad *** escape' },
  { text: 'nothing of it', key: 'abc123', expected: 'nothing of it' },
  { text: 'empty', key: '', expected: 'empty' },
])('"$text" with key "$key"', ({ text, key, expected }) => {
  const redactor = new Redactor();
  redactor.add(key);
  expect(redactor.redact(text)).toBe(expected);
  expect(new Redactor([key]).redact(text)).toBe(expected);
});

it('replaces whole a secret that contains another, whichever was added first', () => {
  for (const secrets of [
    ['live-1', 'live-1-backup'],
    ['live-1-backup', 'live-1'],
  ]) {
    expect(new Redactor(secrets).redact('live-1-backup, live-1')).toBe('***, ***');
  }
});

it('forgets nothing', () => {
  const redactor = new Redactor();
  for (let i = 0; i < 100; i += 1) redactor.add(`secret-${i}-key`);
  for (let i = 0; i < 100; i += 1) expect(redactor.redact(`of secret-${i}-key`)).toBe('of ***');
});

it('redacts the strings of a JSON value, and leaves field names, numbers and literals', () => {
  const redactor = new Redactor(['time', '12345678', 'true']);
  const value = {
    time: 12345678,
    ok: true,
    none: null,
    list: ['the "time" at this time', { time: 'rtmp://host/live/12345678' }],
  };
  const clean = {
    time: 12345678,
    ok: true,
    none: null,
    list: ['the "***" at this time', { time: 'rtmp://host/live/***' }],
  };
  expect(redactor.redactJson(value)).toEqual(clean);
  expect(redactor.redactJsonLine(`${JSON.stringify(value)}\n`)).toBe(`${JSON.stringify(clean)}\n`);
  expect(redactor.redactJsonLine(JSON.stringify(value))).toBe(JSON.stringify(clean));
});

it('redacts a secret that JSON has escaped', () => {
  const redactor = new Redactor(['a"b\\c-key']);
  expect(redactor.redactJsonLine(JSON.stringify({ text: 'no a"b\\c-key' }))).toBe(
    '{"text":"no ***"}',
  );
});

it('redacts as text a line that is no JSON', () => {
  expect(new Redactor(['abc123']).redactJsonLine('{ no abc123\n')).toBe('{ no ***\n');
});

it('leaves a line as it is while there are no secrets', () => {
  expect(new Redactor().redactJsonLine('{ "a" : 1 }\n')).toBe('{ "a" : 1 }\n');
});
