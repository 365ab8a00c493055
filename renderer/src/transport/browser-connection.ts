import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { LanePort } from '@tallylight/contract';
import { closeSignal } from './close-signal.js';
import { engineGone, windowRefused } from './connection-error.js';
import type { Connection, ContractClient } from './connection.js';

const openDeadlineMs = 10_000;

/**
 * Connects to the server that served this page, by two WebSockets: the procedures and the media lane. The cookie that
 * the one-time link set lets them in.
 */
export async function connectToBrowserShell(
  location: Pick<Location, 'origin'>,
): Promise<Connection> {
  const base = location.origin.replace(/^http/, 'ws');
  const sockets = [new WebSocket(`${base}/rpc`), new WebSocket(`${base}/lane`)] as const;
  const [rpc, lane] = sockets;
  lane.binaryType = 'arraybuffer';
  // Made before the lane opens: whatever arrives with the opening must find its listener.
  const lanePort = webSocketLane(lane);
  const closed = closeSignal();
  try {
    await Promise.all(sockets.map(opened));
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
  for (const socket of sockets) {
    socket.addEventListener('close', () => {
      // One without the other is of no use.
      for (const each of sockets) each.close();
      closed.close();
    });
  }
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: rpc }));
  return { client, lane: lanePort, onClosed: closed.onClosed };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      socket.close();
      reject(engineGone(`no answer within ${openDeadlineMs / 1000} s`));
    }, openDeadlineMs);
    socket.addEventListener('open', () => {
      clearTimeout(deadline);
      resolve();
    });
    socket.addEventListener('close', () => {
      clearTimeout(deadline);
      void whyRefused().then(reject);
    });
  });
}

/** A page may not see why a WebSocket was refused; whether the server answers at all tells the two cases apart. */
async function whyRefused(): Promise<Error> {
  try {
    await fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(3000) });
    return windowRefused();
  } catch {
    return engineGone('nothing answers');
  }
}

function webSocketLane(socket: WebSocket): LanePort {
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
