import { expect, it } from 'vitest';
import { lacksApp } from './pasted-url.js';

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
