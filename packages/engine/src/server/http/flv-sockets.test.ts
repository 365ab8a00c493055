import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { LiveHub } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { createLogger } from '../../logger.js';
import { PlayAccess } from '../access/play-access.js';
import { Packager } from '../segments/packager.js';
import { FlvSockets } from './flv-sockets.js';
import { HttpConnections } from './http-connections.js';
import { ServerStatistics } from '../statistics/server-statistics.js';
import { createBuiltInHttpServer } from './http-server.js';
import { viewerFiles } from './viewer-files.js';

test('a player that takes nothing is ended, and the others go on', async () => {
  const logger = createLogger({ level: 'silent' });
  const hub = new LiveHub();
  const errors: unknown[] = [];
  const sockets = new FlvSockets((error) => errors.push(error), 1000);
  const packager = new Packager(hub, logger);
  const connections = new HttpConnections();
  const access = new PlayAccess();
  const statistics = new ServerStatistics(hub, () => ({ rtmp: 0, http: 0 }));
  const parts = {
    ...{ hub, access, packager, sockets, connections, statistics, hasMetrics: false },
    viewer: viewerFiles(),
  };
  const server = createBuiltInHttpServer(parts, logger).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const feed = hub.publish('live', 'one', () => undefined);
  if (typeof feed === 'string') throw new Error(feed);

  const asks = [
    ...['GET /live/one.flv HTTP/1.1', 'Host: localhost', 'Connection: Upgrade'],
    ...['Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
  ].join('\r\n');
  const { port } = server.address() as AddressInfo;
  const [idle, reading] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  for (const socket of [idle, reading]) {
    socket.on('error', () => undefined);
    socket.write(asks);
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 101 /);
  }
  idle.pause();
  reading.resume();
  const players = (): number => hub.list()[0]?.players ?? 0;
  expect(players()).toBe(2);

  // More than the system's buffers hold, and on until the server has noticed.
  for (let number = 0; players() === 2; number += 1) {
    const time = number * 40_000;
    feed.push({
      type: 'packet',
      packet: {
        ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: number % 10 === 0 },
        ...{ pts: time, dts: time, payload: new Uint8Array(256 * 1024) },
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(players()).toBe(1);
  expect(statistics.snapshot().total.protocols['ws-flv'].players).toBe(1);
  expect(statistics.snapshot().total.framesDropped).toBe(hub.find('live', 'one')?.droppedFrames);
  expect(errors).toEqual([]);

  const closed = once(server, 'close');
  server.close();
  connections.closeAll();
  packager.close();
  idle.destroy();
  await closed;
});
