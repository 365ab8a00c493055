import { expect, it } from 'vitest';
import { lacksApp, otherServer } from './pasted-url.js';

it.each([
  ['rtmp://a.example', true],
  [' rtmps://a.example:443/ ', true],
  ['rtmp://a.example?token=x', true],
  ['rtmp://a.example/live', false],
  ['rtmp://a.example/live?token=x', false],
  // Not an address, or not yet: that is said elsewhere.
  ['rtmp://', false],
  ['', false],
])('knows whether %j lacks an application', (url, lacks) => {
  expect(lacksApp(url)).toBe(lacks);
});

it.each([
  ['rtmp://b.example/live', 'rtmp://b.example'],
  [' rtmp：//b.example:1936/live/k', 'rtmp://b.example:1936'],
  ['rtmps://a.example/live', 'rtmps://a.example'],
  ['rtmp://A.example:1935/other?token=x', undefined],
  ['rtmp://', undefined],
])('knows the server of %j where it is not the saved one', (url, server) => {
  expect(otherServer(url, 'rtmp://a.example/live')).toBe(server);
});
