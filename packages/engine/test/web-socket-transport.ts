import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { ChannelPort } from '@tallylight/contract';
import type { ProcedurePort } from '../src/window/serve-window.js';
import type { OpenTransport, WindowConnection } from './contract-fixture.js';

/** Two loopback WebSockets a window, as the browser shell has them. */
export const openWebSockets: OpenTransport = async (engine) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const dial = async (): Promise<{ here: WebSocket; there: WebSocket }> => {
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const here = new WebSocket(url);
    here.binaryType = 'arraybuffer';
    const [[there]] = await Promise.all([accepted, once(here, 'open')]);
    return { here, there };
  };

  const connect = async (): Promise<WindowConnection> => {
    const rpc = await dial();
    const channel = await dial();
    engine.serve({
      procedures: engineProcedures(rpc.there),
      channel: engineChannel(channel.there),
    });
    // ws implements what the link uses of a browser's WebSocket; only the types know more members.
    const websocket = rpc.here as unknown as globalThis.WebSocket;
    const client: WindowConnection['client'] = createORPCClient(new RPCLink({ websocket }));
    return {
      client,
      channel: windowChannel(channel.here),
      sendRaw: (data) => rpc.here.send(data),
      disconnect: () => {
        rpc.here.terminate();
        channel.here.terminate();
      },
    };
  };

  const close = async (): Promise<void> => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  };
  return { connect, close };
};

function engineProcedures(socket: WebSocket): ProcedurePort {
  return {
    send: (message) => {
      return new Promise((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(error) : resolve()));
      });
    },
    onMessage: (listener) => {
      socket.on('message', (data: RawData, isBinary) => {
        listener(isBinary ? data : (data as Buffer).toString());
      });
    },
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}

function engineChannel(socket: WebSocket): ChannelPort {
  socket.on('error', () => socket.terminate());
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) => {
      socket.on('message', (data: RawData) => listener(asBytes(data as Buffer)));
    },
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}

function windowChannel(socket: WebSocket): ChannelPort {
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) => {
      socket.on('message', (data: RawData) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data));
      });
    },
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}

const asBytes = (data: Buffer): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
