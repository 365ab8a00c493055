import { parseRtmpUrl } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { shownPlace, withoutKeys } from './stream-place.js';

const shown = (url: string, streamKey: string): string =>
  shownPlace({ address: parseRtmpUrl(url), streamKey }).url;

test.each([
  ['rtmp://a/live/s3cret', 's3cret', 'rtmp://a/live/***'],
  ['rtmp://a/live/s3cret/x?t=1', 's3cret?t=1', 'rtmp://a/live/***/x'],
  ['rtmp://a/live/b', 'b', 'rtmp://a/live/***'],
  ['rtmp://a/live/c/d/e', 'c/d', 'rtmp://a/live/***/e'],
  // What is not the key stays: the name of the server and of the application, and longer words.
  ['rtmp://live.tv/live', 'live', 'rtmp://live.tv/live'],
  ['rtmp://show/show/showroom', 'show', 'rtmp://show/show/showroom'],
  ['rtmp://a/live', '', 'rtmp://a/live'],
  ['rtmp://xn--fsqu00a.xn--fiqs8s/live', 'k', 'rtmp://例子.中国/live'],
  ['rtmp://[::1]:1936/live', 'k', 'rtmp://[::1]:1936/live'],
])('%s with the key "%s" is shown as %s', (url, key, expected) => {
  expect(shown(url, key)).toBe(expected);
});

test('no other reading of the URL shows the key either', () => {
  const first = { address: parseRtmpUrl('rtmp://a/b/c'), streamKey: 'd' };
  const otherwise = [{ address: parseRtmpUrl('rtmp://a/b/c/d'), streamKey: '' }];
  for (const address of [first.address, ...otherwise.map((place) => place.address)]) {
    expect(shownPlace({ ...first, address, otherwise }).url).toMatch(/^rtmp:\/\/a\/b(\/\*\*\*)+$/);
  }
  expect(withoutKeys('b/c/d', first)).toBe('b/c/***');
});
