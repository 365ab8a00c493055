import { expect, test } from 'vitest';
import { parseLivePath } from './live-path.js';

test.each([
  ['/live/one.flv', { app: 'live', name: 'one' }],
  ['/live/room/one.flv', { app: 'live/room', name: 'one' }],
  ['/live/one.two.flv', { app: 'live', name: 'one.two' }],
  ['/l%C3%A4ve/%20.flv', { app: 'läve', name: ' ' }],
])('%s names a stream', (path, expected) => {
  expect(parseLivePath(path)).toEqual({ ...expected, resource: { type: 'flv' } });
});

test.each([
  ['index.m3u8', { type: 'multivariant-playlist' }],
  ['video.m3u8', { type: 'media-playlist', kind: 'video' }],
  ['audio.m3u8', { type: 'media-playlist', kind: 'audio' }],
  ['manifest.mpd', { type: 'manifest' }],
  ['video-init-7.mp4', { type: 'init', kind: 'video', period: 7 }],
  ['audio-12.m4s', { type: 'segment', kind: 'audio', number: 12 }],
  ['video-12.3.m4s', { type: 'part', kind: 'video', number: 12, index: 3 }],
])('a file of HLS or DASH: %s', (file, resource) => {
  expect(parseLivePath(`/live/one/${file}`)).toEqual({ app: 'live', name: 'one', resource });
  expect(parseLivePath(`/a/b/%C3%A4%2F/${file}`)).toEqual({ app: 'a/b', name: 'ä/', resource });
});

test.each([
  ...['/', '/one.flv', '//.flv', '/live/one', '/live/.flv', '/live/%zz.flv', '/api/streams'],
  ...['/index.m3u8', '/live/index.m3u8', '/live/one/other.m3u8', '/live/one/video-.m4s'],
  ...['/live/one/video-1.m4s.m4s', '/live/one/video--1.m4s', '/live/one/subtitle-1.m4s'],
  ...['/live/one/video-init-.mp4', '/live/one/VIDEO.m3u8', '/live/%ff/index.m3u8'],
  `/live/one/video-${'9'.repeat(16)}.m4s`,
])('%s names none', (path) => {
  expect(parseLivePath(path)).toBeUndefined();
});
