import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '@tallylight/contract';
import { WebSocket } from 'ws';

export interface StudioClient {
  readonly client: ContractRouterClient<typeof contract>;
  close(): void;
}

/**
 * Connects to a running studio as one more window does, by its two WebSockets, but without a page.
 *
 * @param cookie what the one-time link has set in the browser that opened it, as `name=value`.
 */
export async function openStudioClient(origin: string, cookie: string): Promise<StudioClient> {
  const open = async (path: string): Promise<WebSocket> => {
    const url = `${origin.replace(/^http/, 'ws')}${path}?window=second`;
    const socket = new WebSocket(url, { headers: { cookie, origin }, handshakeTimeout: 10_000 });
    await once(socket, 'open');
    return socket.on('error', () => socket.terminate());
  };
  const [rpc, channel] = await Promise.all([open('/rpc'), open('/media')]);
  // ws implements what the link uses of a browser's WebSocket; only the types know more members.
  const websocket = rpc as unknown as globalThis.WebSocket;
  return {
    client: createORPCClient(new RPCLink({ websocket })),
    close: () => {
      rpc.close();
      channel.close();
    },
  };
}
