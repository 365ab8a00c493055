import {
  MediaChannelReader,
  type InboundChannelMessage,
  type ChannelPort,
} from '@tallylight/contract';
import { readWindowFile, windowSecurityHeaders } from '@tallylight/engine/window';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';

type MessageListener = (message: InboundChannelMessage, channel: MediaChannelReader) => void;

export interface MediaServer {
  readonly url: string;
  /** Everything that the next channel to be opened brings, up to its end; `onMessage` is called with each as it comes. */
  nextChannel(onMessage?: MessageListener): Promise<InboundChannelMessage[]>;
  close(): Promise<void>;
}

/** Builds the harness page as the product's window is built. */
export async function buildHarness(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: resolve(import.meta.dirname, 'harness'),
    resolve: { conditions: ['source', 'module', 'import', 'default'] },
    worker: { format: 'es' },
    build: { outDir, target: 'es2022', assetsInlineLimit: 0, emptyOutDir: true },
  });
}

/** Serves the harness under the product's content security policy, and takes its channels. */
export async function startMediaServer(directory: string): Promise<MediaServer> {
  const waiting: ((channel: MediaChannelReader) => void)[] = [];
  const server: Server = createServer((request, response) => {
    void readWindowFile(directory, request.url ?? '/').then((file) => {
      if (!file) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { ...windowSecurityHeaders, 'content-type': file.contentType });
      response.end(file.body);
    });
  });
  const sockets = new WebSocketServer({ server, path: '/media' });
  sockets.on('connection', (socket: WebSocket) => {
    waiting.shift()?.(new MediaChannelReader(channelPort(socket)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    nextChannel: async (onMessage = () => undefined) => {
      const channel = await new Promise<MediaChannelReader>((done) => waiting.push(done));
      return readChannel(channel, onMessage);
    },
    close: () =>
      new Promise((done) => {
        for (const client of sockets.clients) client.terminate();
        sockets.close();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readChannel(
  channel: MediaChannelReader,
  onMessage: MessageListener,
): Promise<InboundChannelMessage[]> {
  const messages: InboundChannelMessage[] = [];
  const { signal } = new AbortController();
  for (;;) {
    const message = await channel.read(signal);
    if (!message || message.type === 'end') return messages;
    messages.push(message);
    onMessage(message, channel);
  }
}

function channelPort(socket: WebSocket): ChannelPort {
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) =>
      socket.on('message', (data) => listener(new Uint8Array(data as Buffer))),
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}
