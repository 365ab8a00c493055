import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../../../test/support/until.js';
import { HttpConnections, type HttpLimits } from './http-connections.js';

let server: Server | undefined;
let connections: HttpConnections;
const sockets = new Set<Socket>();
let answered = 0;

/** A server that answers with more than the system's buffers hold. */
async function serve(limits: Partial<HttpLimits>): Promise<number> {
  connections = new HttpConnections(limits);
  const large = Buffer.alloc(32 * 1024 * 1024);
  server = createServer((request, response) => {
    if (!connections.begin(request, response)) return;
    answered += 1;
    response.end(request.url === '/large' ? large : 'small');
    connections.awaitTaken(request, response);
  });
  server.on('connection', (socket: Socket) => connections.adopt(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  answered = 0;
  connections.closeAll();
  const closed = server && once(server, 'close');
  server?.close();
  await closed;
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket.on('error', () => undefined));
  await once(socket, 'connect');
  return socket;
}

const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const held = (): Promise<number> =>
  new Promise((resolve) => server?.getConnections((_, count) => resolve(count)));

test.each(['/large', '/small'])(
  'an answer that is not taken in time is ended: %s',
  async (path) => {
    const port = await serve({ answerMs: 300 });
    const [idle, reading] = [await open(port), await open(port)];
    idle.pause().write(ask('/large') + ask(path) + ask(path));
    await until('the answers', () => answered === 3);
    await until('the end of the one that takes nothing', async () => (await held()) === 1);
    reading.write(ask('/small'));
    expect(String((await once(reading, 'data'))[0])).toContain('small');
  },
);

test('what is taken in time is whole, and the connection goes on', async () => {
  const port = await serve({ answerMs: 10_000 });
  for (const size of [32 * 1024 * 1024, 32 * 1024 * 1024]) {
    const response = await fetch(`http://127.0.0.1:${port}/large`);
    expect((await response.arrayBuffer()).byteLength).toBe(size);
  }
});

test('a connection that has more requests waiting than anybody sends is ended, with few answers in memory', async () => {
  const port = await serve({});
  const socket = await open(port);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume().write(ask('/large').repeat(1000));
  await closed;
  expect(answered).toBeLessThanOrEqual(4);
});

test('those that asked for nothing make room, those that are answered stay', async () => {
  const port = await serve({ maxConnections: 3 });
  const answeredOne = await open(port);
  answeredOne.pause().write(ask('/large'));
  await until('its answer', () => answered === 1);
  const halfOpen = [await open(port), await open(port)];
  const gone = Promise.all(halfOpen.map((socket) => once(socket.resume(), 'close')));
  for (let count = 2; count <= 3; count += 1) {
    const newcomer = await open(port);
    newcomer.pause().write(ask('/large'));
    await until('an answer to it', () => answered === count);
  }
  await gone;
  const late = await open(port);
  await once(late.resume(), 'close');
  expect([answeredOne.destroyed, answered, await held()]).toEqual([false, 3, 3]);
});
