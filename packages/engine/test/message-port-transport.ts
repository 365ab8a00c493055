import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ChannelPort } from '@tallylight/contract';
import type { ProcedurePort } from '../src/window/serve-window.js';
import type { OpenTransport, WindowConnection } from './contract-fixture.js';

/**
 * A Node port with the face of Electron's `MessagePortMain`: `on('message')` gives an event with `data`, nothing arrives
 * before `start`, and there is no `addEventListener`.
 */
export class MainPort {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  on(event: 'message', listener: (event: { data: unknown }) => void): this;
  on(event: 'close', listener: () => void): this;
  on(event: 'message' | 'close', listener: (event: { data: unknown }) => void): this {
    // Node starts a port when somebody listens; Electron does not. Nothing here depends on the difference.
    if (event === 'message') this.#port.on('message', (data: unknown) => listener({ data }));
    else this.#port.on('close', () => listener({ data: undefined }));
    return this;
  }

  postMessage(data: unknown): void {
    this.#port.postMessage(data);
  }

  start(): void {
    this.#port.start();
  }

  close(): void {
    this.#port.close();
  }
}

/** Two channels, as Electron's preload hands them over: the window's ends are as in a page, the engine's as in main. */
export const openMessagePorts: OpenTransport = (engine) => {
  const ports: MessagePort[] = [];
  const connect = (): Promise<WindowConnection> => {
    const [rpc, channel] = [new MessageChannel(), new MessageChannel()];
    ports.push(rpc.port1, channel.port1);

    engine.serve({
      procedures: mainProcedures(new MainPort(rpc.port2)),
      channel: mainChannel(new MainPort(channel.port2)),
    });

    const client: WindowConnection['client'] = createORPCClient(new RPCLink({ port: rpc.port1 }));
    rpc.port1.start();
    return Promise.resolve({
      client,
      channel: windowChannel(channel.port1),
      sendRaw: (data) => rpc.port1.postMessage(data),
      disconnect: () => {
        rpc.port1.close();
        channel.port1.close();
      },
    });
  };
  return Promise.resolve({
    connect,
    close: () => {
      for (const port of ports) port.close();
      return Promise.resolve();
    },
  });
};

export function mainProcedures(port: MainPort): ProcedurePort {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

export function mainChannel(port: MainPort): ChannelPort {
  return {
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.on('message', ({ data }) =>
        listener(data instanceof Uint8Array ? data : new Uint8Array()),
      );
      port.start();
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

export function windowChannel(port: MessagePort): ChannelPort {
  return {
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.on('message', (data: unknown) => {
        if (data instanceof Uint8Array) listener(data);
      });
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}
