import { expect, test } from 'vitest';
import { parseStreamPath } from './http-door.js';

test.each([
  ['/live/one.flv', { app: 'live', name: 'one' }],
  ['/live/room/one.flv', { app: 'live/room', name: 'one' }],
  ['/live/one.two.flv', { app: 'live', name: 'one.two' }],
  ['/l%C3%A4ve/%20.flv', { app: 'läve', name: ' ' }],
])('%s names a stream', (path, expected) => {
  expect(parseStreamPath(path)).toEqual(expected);
});

test.each(['/', '/one.flv', '//.flv', '/live/one', '/live/.flv', '/live/%zz.flv', '/api/streams'])(
  '%s names none',
  (path) => {
    expect(parseStreamPath(path)).toBeUndefined();
  },
);
