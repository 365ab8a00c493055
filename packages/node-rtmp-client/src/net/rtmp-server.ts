import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { networkError } from './network-error.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';
import { ServerConnection } from './server-connection.js';

export interface RtmpServerOptions {
  /** Speaks TLS with this certificate and key, PEM. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** How many may be connected at a time; 1000 by default. */
  readonly maxConnections?: number;
}

const checkEveryMs = 5_000;
const tlsHandshakeMs = 10_000;

/** An RTMP server: takes publishers and players of any application, and leaves what they mean to its handlers. */
export class RtmpServer {
  readonly #server: Server;
  readonly #handlers: RtmpServerHandlers;
  readonly #connections = new Set<ServerConnection>();
  /** Also those that are not through with TLS. */
  readonly #sockets = new Set<Socket>();
  #checkTimer: NodeJS.Timeout | undefined;

  constructor(handlers: RtmpServerHandlers, options: RtmpServerOptions = {}) {
    this.#handlers = handlers;
    const onConnection = (socket: Socket): void => {
      const connection = new ServerConnection(socket, handlers);
      this.#connections.add(connection);
      void connection.closed.then(() => this.#connections.delete(connection));
    };
    if (options.tls === undefined) {
      this.#server = createTcpServer({ noDelay: true }, onConnection);
    } else {
      const server = createTlsServer(
        { noDelay: true, handshakeTimeout: tlsHandshakeMs, ...options.tls },
        onConnection,
      );
      // Somebody who does not speak TLS, or does not trust us: none of our business.
      server.on('tlsClientError', () => undefined);
      this.#server = server;
    }
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.maxConnections = options.maxConnections ?? 1000;
  }

  /** @returns what it listens on; port 0 asks for a free one. Rejects with Node's error (EADDRINUSE) when it cannot. */
  listen({ host, port }: { host: string; port: number }): Promise<{ host: string; port: number }> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => {
        reject(error);
      };
      this.#server.once('error', onError).listen({ host, port }, () => {
        // From here on an error is of one connection that could not be taken; the others go on.
        this.#server.off('error', onError).on('error', (error) => {
          this.#handlers.onError?.(networkError(error, 'tcp'), 'unknown');
        });
        this.#checkTimer = setInterval(() => {
          for (const connection of this.#connections) connection.check();
        }, checkEveryMs);
        const address = this.#server.address();
        const isBound = typeof address === 'object' && address !== null;
        resolve({ host, port: isBound ? address.port : port });
      });
    });
  }

  /** Stops listening and drops every connection; players are told first that the stream is over. */
  async close(): Promise<void> {
    clearInterval(this.#checkTimer);
    const listening = this.#server.listening;
    const stopped = new Promise<void>((resolve) => {
      if (listening) this.#server.close(() => resolve());
      else resolve();
    });
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    for (const socket of this.#sockets) socket.destroy();
    await stopped;
  }
}
