import { once } from 'node:events';
import { LiveHub } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { createLogger } from '../logger.js';
import { createBuiltInHttpServer, parseStreamPath } from './http-server.js';
import { viewerFiles } from './viewer-files.js';

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

test('a connection that cannot be taken is logged, and no more', async () => {
  const lines: string[] = [];
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
  const server = createBuiltInHttpServer(new LiveHub(), viewerFiles(undefined), logger);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.emit('error', new Error('accept EMFILE'));
  server.emit('error', new Error('accept EMFILE'));
  expect(lines.filter((line) => line.includes('accept EMFILE'))).toHaveLength(2);
  server.close();
  await once(server, 'close');
});
