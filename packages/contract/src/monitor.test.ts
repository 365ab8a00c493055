import { expect, test } from 'vitest';
import { playWayOf } from './monitor.js';

test.each([
  ['rtmp://live.example.tv/app/name', 'rtmp'],
  [' RTMPS://live.example.tv/app/name?token=1 ', 'rtmp'],
  ['https://cdn.example.tv/app/name.flv', 'http-flv'],
  ['http://127.0.0.1:8080/hls/name.m3u8?token=a.b', 'hls'],
  ['https://cdn.example.tv/dash/name.MPD#t', 'dash'],
] as const)('%s is an address of a stream', (url, way) => {
  expect(playWayOf(url)).toBe(way);
});

test.each([
  '',
  'rtmp://live.example.tv',
  'rtmp://live.example.tv/',
  'https://www.example.tv/watch?v=name.m3u8',
  'https://cdn.example.tv',
  'http://exa mple.tv/name.flv',
  'http://[::1/name.flv',
  'file:///etc/name.m3u8',
  '/hls/name.m3u8',
])('%s is none', (url) => {
  expect(playWayOf(url)).toBeUndefined();
});
