import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SocketWriter } from '../../src/net/socket-writer.js';
import type { OutputLimit } from '../../src/session/protocol-channel.js';

const piece = new Uint8Array(100);
let server: Server;
let socket: Socket;

beforeEach(async () => {
  server = createServer((peer) => peer.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  server.close();
  await once(server, 'close');
});

class Limit implements OutputLimit {
  isHeldUp = false;
  acknowledged = 1;
  isForgotten = false;

  forget(): void {
    this.isForgotten = true;
    this.isHeldUp = false;
  }
}

it('[CTRL-16] a writer waits while the peer is to acknowledge first, and no longer', async () => {
  const limit = new Limit();
  const writer = new SocketWriter(socket, { stallMs: 10_000, limit });
  await writer.write([piece]);
  limit.isHeldUp = true;
  let isDone = false;
  const written = writer.write([piece]).then(() => {
    isDone = true;
  });
  // What the protocol itself has to say leaves meanwhile.
  void writer.write([piece]);
  while (writer.bytesSent < 300) await new Promise(setImmediate);
  expect(isDone).toBe(false);
  limit.isHeldUp = false;
  await writer.write([]);
  await written;
  expect(limit.isForgotten).toBe(false);
});

it('[CTRL-16] the acknowledgement that releases a writer is seen also while an answer is on its way', async () => {
  const limit = new Limit();
  const writer = new SocketWriter(socket, { stallMs: 10_000, limit });
  limit.isHeldUp = true;
  const written = writer.write([piece]);
  limit.isHeldUp = false;
  // As over TLS, where nothing leaves in the same turn.
  socket.cork();
  void writer.write([piece]);
  await written;
  expect(socket.writableLength).toBeGreaterThan(0);
});

it('[CTRL-16] a peer that holds us up and stops acknowledging is not waited for, whatever it is told meanwhile', async () => {
  const limit = new Limit();
  const writer = new SocketWriter(socket, { stallMs: 400, limit });
  limit.isHeldUp = true;
  const written = writer.write([piece]);
  const pongs = setInterval(() => void writer.write([piece]), 10);
  try {
    await written;
  } finally {
    clearInterval(pongs);
  }
  expect(limit.isForgotten).toBe(true);
  expect(socket.destroyed).toBe(false);
});

it('[CTRL-16] a peer that goes on acknowledging may take its time', async () => {
  const limit = new Limit();
  const writer = new SocketWriter(socket, { stallMs: 400, limit });
  limit.isHeldUp = true;
  const written = writer.write([piece]);
  let acknowledgements = 0;
  const acknowledge = setInterval(() => {
    limit.acknowledged++;
    if (++acknowledgements < 30) return;
    limit.isHeldUp = false;
    void writer.write([]);
  }, 20);
  try {
    await written;
  } finally {
    clearInterval(acknowledge);
  }
  expect([acknowledgements, limit.isForgotten]).toEqual([30, false]);
});
