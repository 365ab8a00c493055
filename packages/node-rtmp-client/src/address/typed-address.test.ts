import { expect, it } from 'vitest';
import { keyInServerUrl, splitWholeUrl } from './typed-address.js';

it.each([
  ['rtmp://host/live/secret-1', { serverUrl: 'rtmp://host/live', streamKey: 'secret-1' }],
  ['rtmps://host:443/a/b/key', { serverUrl: 'rtmps://host:443/a/b', streamKey: 'key' }],
  [' rtmp://host/app/k?a=b/c ', { serverUrl: 'rtmp://host/app', streamKey: 'k?a=b/c' }],
  ['rtmp://host/bvc/?streamname=s', { serverUrl: 'rtmp://host/bvc', streamKey: '?streamname=s' }],
  ['rtmp://host/live?vhost=x/cam', { serverUrl: 'rtmp://host/live?vhost=x', streamKey: 'cam' }],
  [
    'rtmp://me:word@host/app/key',
    {
      serverUrl: 'rtmp://host/app',
      streamKey: 'key',
      credentials: { user: 'me', password: 'word' },
    },
  ],
  [
    'rtmp://me@host/app/',
    { serverUrl: 'rtmp://host/app/', credentials: { user: 'me', password: '' } },
  ],
])('%s is told apart', (text, whole) => {
  expect(splitWholeUrl(text)).toEqual(whole);
});

it.each([
  'rtmp://host',
  'rtmp://host/app',
  'rtmp://host/app/',
  'rtmp://host/app/inst/',
  'rtmp://b.rtmp.youtube.com/live2?backup=1',
  'rtmp://host/mystream?user=a&pass=b',
  'http://host/app/key',
  'a key',
  'host/app/key',
])('%s is where a server is, or no RTMP URL', (text) => {
  expect(splitWholeUrl(text)).toBeUndefined();
});

it.each([
  ['rtmp://host/live/MYSECRETKEY', 'MYSECRETKEY'],
  ['rtmp://host/app/live_123456_abcdef', 'live_123456_abcdef'],
  ['rtmp://host/live2/abcd-efgh-ijkl-mnop', 'abcd-efgh-ijkl-mnop'],
  ['rtmp://host/live/d41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['rtmp://host/live/room?txSecret=1', 'room?txSecret=1'],
  ['rtmp://host/live/_definst_', undefined],
  ['rtmp://host/app/instance1', undefined],
  ['rtmp://host/直播/频道一', undefined],
  ['rtmp://host/live?secret=1', undefined],
  ['rtmp://host/live', undefined],
])('the key in %s is %s', (url, key) => {
  expect(keyInServerUrl(url)).toBe(key);
});
