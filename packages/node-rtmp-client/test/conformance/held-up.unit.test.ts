import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { SocketWriter } from '../../src/net/socket-writer.js';

it('[CTRL-16] a writer waits while the peer is to acknowledge first, and no longer', async () => {
  const server = createServer((peer) => peer.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  let isHeldUp = false;
  const writer = new SocketWriter(socket, { stallMs: 10_000, isHeldUp: () => isHeldUp });
  try {
    await writer.write([new Uint8Array(100)]);
    isHeldUp = true;
    let isDone = false;
    const written = writer.write([new Uint8Array(100)]).then(() => {
      isDone = true;
    });
    // What the protocol itself has to say leaves meanwhile.
    void writer.write([new Uint8Array(100)]);
    while (writer.bytesSent < 300) await new Promise(setImmediate);
    expect(isDone).toBe(false);
    isHeldUp = false;
    await writer.write([]);
    await written;
  } finally {
    socket.destroy();
    server.close();
    await once(server, 'close');
  }
});
