import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ChannelPort } from '@tallylight/contract';
import { withDeadline, withResolvers } from 'node-rtmp-client/async';
import { closeSignal } from './close-signal.js';
import { engineGone } from './connection-error.js';
import type { Connection, ContractClient } from './engine-connection.js';

/** What the preload puts into the window. */
export interface ElectronBridge {
  readonly shell: 'electron';
  /** Asks for ports; they come as a window message `{type: 'tallylight-ports', nonce}` with two ports. */
  requestPorts(nonce: string): void;
  /** Where a file of the user's is; empty where it is none. */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    readonly tallylight?: ElectronBridge;
  }
}

const portsDeadlineMs = 10_000;

/** Connects through the two MessagePorts that the preload hands over: the procedures, then the media channel. */
export async function connectToElectron(bridge: ElectronBridge): Promise<Connection> {
  const [rpcPort, channelPort] = await receivePorts(bridge);
  const closed = closeSignal();
  for (const port of [rpcPort, channelPort]) port.addEventListener('close', closed.close);
  const client: ContractClient = createORPCClient(new RPCLink({ port: rpcPort }));
  rpcPort.start();
  return {
    client,
    channel: messagePortChannel(channelPort),
    // It is opened where it is.
    giveFile: (file) => client.files.add({ paths: [bridge.pathOf(file)] }),
    onClosed: closed.onClosed,
  };
}

async function receivePorts(bridge: ElectronBridge): Promise<[MessagePort, MessagePort]> {
  const nonce = crypto.randomUUID();
  const { promise, resolve } = withResolvers<[MessagePort, MessagePort]>();
  const receive = (event: MessageEvent<unknown>): void => {
    // Only our own preload may hand us ports: it shares this window and knows the nonce.
    if (event.source !== window || !isPortsMessage(event.data, nonce)) return;
    const [rpcPort, channelPort] = event.ports;
    if (rpcPort && channelPort) resolve([rpcPort, channelPort]);
  };
  window.addEventListener('message', receive);
  try {
    bridge.requestPorts(nonce);
    return await withDeadline(promise, portsDeadlineMs, engineGone);
  } finally {
    window.removeEventListener('message', receive);
  }
}

function isPortsMessage(data: unknown, nonce: string): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'tallylight-ports' &&
    'nonce' in data &&
    data.nonce === nonce
  );
}

/** The channel over a MessagePort. Starts the port when somebody listens. */
function messagePortChannel(port: MessagePort): ChannelPort {
  return {
    // No transfer list: Electron loses a message whose buffers are transferred to the main process
    // (electron/electron#34905).
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.data instanceof Uint8Array) listener(event.data);
      });
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener, { once: true }),
    close: () => port.close(),
  };
}
