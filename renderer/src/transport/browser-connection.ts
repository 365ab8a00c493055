import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ChannelPort } from '@tallylight/contract';
import { withDeadline, withResolvers } from 'node-rtmp-client/async';
import { closeSignal } from './close-signal.js';
import { engineGone, windowRefused } from './connection-error.js';
import { uploadFile } from './upload-file.js';
import type { Connection, ContractClient } from './engine-connection.js';

const openDeadlineMs = 10_000;

/**
 * Connects to the server that served this page, by two WebSockets: the procedures and the media channel. The cookie that
 * the one-time link set lets them in.
 */
export async function connectToBrowserShell(
  location: Pick<Location, 'origin'>,
): Promise<Connection> {
  const base = location.origin.replace(/^http/, 'ws');
  // How the server knows which two sockets belong together.
  const query = `window=${crypto.randomUUID()}`;
  const sockets = [
    new WebSocket(`${base}/rpc?${query}`),
    new WebSocket(`${base}/media?${query}`),
  ] as const;
  const [rpc, channel] = sockets;
  channel.binaryType = 'arraybuffer';
  // Made before the channel opens: whatever arrives with the opening must find its listener.
  const channelPort = webSocketChannel(channel);
  const closed = closeSignal();
  for (const socket of sockets) {
    socket.addEventListener('close', () => {
      // One without the other is of no use.
      for (const each of sockets) each.close();
      closed.close();
    });
  }
  try {
    await Promise.all(sockets.map(opened));
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: rpc }));
  return { client, channel: channelPort, giveFile: uploadFile, onClosed: closed.onClosed };
}

async function opened(socket: WebSocket): Promise<void> {
  const { promise, resolve } = withResolvers<'open' | 'closed'>();
  const settled = new AbortController();
  const { signal } = settled;
  socket.addEventListener('open', () => resolve('open'), { signal });
  socket.addEventListener('close', () => resolve('closed'), { signal });
  try {
    const outcome = await withDeadline(promise, openDeadlineMs, engineGone);
    if (outcome === 'open') return;
  } finally {
    settled.abort();
  }
  throw await whyRefused();
}

/** A page may not see why a WebSocket was refused; whether the server answers at all tells the two cases apart. */
async function whyRefused(): Promise<Error> {
  try {
    await fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(3000) });
    return windowRefused();
  } catch {
    return engineGone();
  }
}

function webSocketChannel(socket: WebSocket): ChannelPort {
  return {
    send: (bytes) => {
      // A WebSocket that is closing takes data and throws it away; the close event tells the writer.
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.data instanceof ArrayBuffer) listener(new Uint8Array(event.data));
      });
    },
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
    close: () => socket.close(),
  };
}
