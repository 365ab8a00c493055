import { english } from '../../../test/support/english.js';
import { AppError, showTyped, urlProblem } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { readServerUrl, readWholeUrl } from './rtmp-address.js';

test.each([
  ['http://host/app/KEY', 'http://host/app/…'],
  ['http://host:80/app/KEY?token=KEY', 'http://host:80/app/…'],
  ['http://user:KEY@host/app/KEY', 'http://host/app/…'],
  ['http://user:KE/Y@host/app/KEY', 'http://…'],
  ['http://host/app/KEY/', 'http://host/app/…'],
  ['http://host/KEY', 'http://host/…'],
  ['http://host', 'http://host'],
  ['http://host/', 'http://host'],
  ['http://[::1]:80/app/KEY', 'http://[::1]:80/app/…'],
  ['KEY', '…'],
  ['eyJ0KEY.KEY.KEY', '…'],
  ['live.example.com', 'live.example.com'],
  [' WOW.Example.com ', 'WOW.Example.com'],
  ['a..b', 'a..b'],
  ['host', 'host'],
  ['host/live/KEY', 'host/live/…'],
  ['abcd-efgh-ijkl-mnop', '…'],
  ['qwmsjfhdkeyvbnxo', '…'],
  ['qwmS.jfhd', '…'],
  ['192.0.2.1:1935/app/KEY', '192.0.2.1:1935/app/…'],
  ['KEY/MORE', '…'],
  ['live.example.com/app/KEY', 'live.example.com/app/…'],
  ['localhost/app/KEY', 'localhost/app/…'],
  ['server:1935/app/KEY', 'server:1935/app/…'],
  ['rtmp:/host/app/KEY', 'rtmp:/…'],
  ['推流码：KEY', '推流码：…'],
])('%s is shown as %s', (url, shown) => {
  expect(showTyped(url)).toBe(shown);
});

test.each([
  ['live.example.com/app/KEY', 'rtmp://live.example.com/app/…'],
  ['127.0.0.1:30300', '(such as rtmp://127.0.0.1:30300/live)'],
  ['192.168.1.300/app/KEY', 'name of the server'],
  ['h:99999/app/KEY', 'port'],
  ['h:1935/app/K EY', 'a space'],
  ['a..b/app/KEY', 'name of the server'],
  ['KEY', 'does not begin with rtmp://'],
  ['https://host/app/KEY', 'begins neither with'],
  ['rtmp:///app/KEY', 'no server after'],
  ['rtmp://ho|st/app/KEY', 'name of the server'],
  ['rtmp://[::zz]/app/KEY', 'IPv6'],
  ['rtmp://::1/app/KEY', 'brackets'],
  ['rtmp://host:KEY/app', 'port'],
  ['rtmp://host/app/K EY', 'a space'],
  ['rtmp://host/app/K\u00a0EY', 'a space'],
  ['rtmp://host/app/K\nEY', 'a line break'],
  ['rtmp://host/app/K\tEY', 'a tab'],
  ['rtmp://host/app/K\u200bEY', 'an invisible character (U+200B)'],
  ['rtmpe://host/app/KEY', 'RTMPE'],
  ['rtmpts://host/app/KEY', 'HTTP'],
  ['rtmfp://host/app/KEY', 'RTMFP'],
])('what is wrong with "%s" is said by name, and without its key', (url, words) => {
  for (const read of [readServerUrl, readWholeUrl]) {
    const { info } = thrownBy(() => read(url));
    expect(info.code).toBe('INVALID_URL');
    const { message } = english.error(info);
    expect(message).toContain(words);
    expect(message).not.toMatch(/KEY|K.EY/s);
  }
});

test.each(['rtmp：//host：1935／live', '推流地址：rtmp://host:1935/live'])(
  'what is typed with a Chinese input method or copied with its label is an address: %s',
  (url) => {
    expect(readServerUrl(url)).toMatchObject({ host: 'host', port: 1935, app: 'live' });
    expect(readWholeUrl(`${url}/KEY`)[0]).toMatchObject({ app: 'live', streamName: 'KEY' });
  },
);

function thrownBy(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('it did not fail as it should');
}

test.each([
  ['rtmp://127.0.0.1:99999/live', 'port is not a number between 1 and 65535'],
  ['rtmp://host:0/live', 'port is not a number between 1 and 65535'],
  ['rtmp://', 'no server after'],
  ['rtmp://a b/live', 'a space'],
  ['host.example/live', 'rtmp://host.example/'],
  ['https://host/live', 'begins neither with'],
  ['rtmpe://host/live', 'RTMPE'],
])('what is wrong with %s is said alike before it is saved and when it is', (url, why) => {
  let thrown: unknown;
  try {
    readServerUrl(url);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  const { info } = thrown as AppError;
  expect(urlProblem(url)).toEqual(info);
  expect(english.error(info).message).toContain(why);
  expect(urlProblem('rtmp://host/live')).toBeUndefined();
});
