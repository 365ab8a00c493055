import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface FaultServer {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

async function listen(server: Server): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Takes connections, reads what comes, and never answers. */
export const startSilentServer = (): Promise<FaultServer> =>
  listen(createServer((socket) => socket.resume()));

/** An ordinary HTTP server: what answers when the port in the URL is the wrong one. */
export const startHttpServer = (): Promise<FaultServer> =>
  listen(createHttpServer((_, response) => response.end('hello')));

/** Closes every connection as soon as `bytes` bytes have come in. */
export const startClosingServer = (bytes: number): Promise<FaultServer> =>
  listen(
    createServer((socket) => {
      let received = 0;
      socket.on('data', (data) => {
        received += data.byteLength;
        if (received >= bytes) socket.destroy();
      });
    }),
  );
