import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TracedMessage } from '../net/message-tracer.js';
import { networkError } from '../net/network-error.js';
import type { Capabilities } from '../session/capabilities.js';
import { RtmpError } from '../session/rtmp-error.js';
import { SharedChunks } from '../session/shared-chunks.js';
import { ConnectionPlaces } from './connection-places.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';
import { defaultServerLimits, type RtmpServerLimits } from './rtmp-server-limits.js';
import { ServerAdmission, type RtmpAuthenticationOptions } from './server-admission.js';
import { ServerConnection, type ServerConnectionOptions } from './server-connection.js';

/** How a server listens, whom it lets in, and what it tells. */
export interface RtmpServerOptions {
  /** Speaks TLS with this certificate and key, PEM. */
  readonly tls?: {
    readonly cert: string | Buffer;
    readonly key: string | Buffer;
    /** librtmp as Debian builds it needs 1.2: it fails on the session tickets of 1.3. */
    readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  };
  /** Without it, everybody may connect whom `onConnect` lets in. */
  readonly authentication?: RtmpAuthenticationOptions;
  readonly limits?: RtmpServerLimits;
  /** What the server tells of itself; everything that this library carries, by default. */
  readonly capabilities?: Capabilities;
  /**
   * Is told of every RTMP message, in both directions, without the names of streams; see `formatTraceLine`. Costs
   * nothing where it is absent.
   *
   * @param remote the peer's address and port.
   */
  readonly onMessage?: ((message: TracedMessage, remote: string) => void) | undefined;
}

const checkAtMostEveryMs = 5_000;
const checkAtLeastEveryMs = 20;
const tlsHandshakeMs = 10_000;
/** Kept alive, so that the system notices a peer that has vanished also while nothing is read from it. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };
const defaultDescription = 'Please connect anew.';

/** An RTMP server: takes publishers and players of any application, and leaves what they mean to its handlers. */
export class RtmpServer {
  readonly #server: Server;
  readonly #handlers: RtmpServerHandlers;
  readonly #limits: Required<RtmpServerLimits>;
  /** By their peers: with TLS, what comes out of it is another socket than what went in. */
  readonly #connections = new Map<string, ServerConnection>();
  /** Also those that are not through with TLS. */
  readonly #sockets = new Set<Socket>();
  readonly #places: ConnectionPlaces;
  #checkTimer: NodeJS.Timeout | undefined;

  constructor(handlers: RtmpServerHandlers, options: RtmpServerOptions = {}) {
    this.#handlers = handlers;
    const { tls, authentication, capabilities, onMessage } = options;
    this.#limits = { ...defaultServerLimits, ...options.limits };
    const { maxConnections: most, maxConnectionsPerAddress: mostPerAddress } = this.#limits;
    this.#places = new ConnectionPlaces({ most, mostPerAddress });
    const connectionOptions: ServerConnectionOptions = {
      ...{ handlers, limits: this.#limits, capabilities, onMessage },
      admission: new ServerAdmission(handlers, authentication),
      shared: new SharedChunks(),
    };
    const onConnection = (socket: Socket): void => {
      if (socket.destroyed) return;
      const connection = new ServerConnection(socket, connectionOptions);
      const peer = peerOf(socket);
      this.#connections.set(peer, connection);
      void connection.closed.then(() => this.#connections.delete(peer));
    };
    if (tls === undefined) {
      this.#server = createTcpServer(socketOptions);
    } else {
      const server = createTlsServer({
        ...socketOptions,
        handshakeTimeout: Math.min(tlsHandshakeMs, this.#limits.settleMs),
        ...tls,
      });
      // A client that does not speak TLS, not in time, or does not trust the certificate: nothing to report. Node tells
      // and leaves it connected.
      server.on('tlsClientError', (_, socket) => socket.destroy());
      this.#server = server;
    }
    this.#server.on('connection', (socket: Socket) => this.#place(socket));
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', onConnection);
  }

  /** Connections now, also those that are not through with TLS. */
  get connectionCount(): number {
    return this.#sockets.size;
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
          for (const connection of this.#connections.values()) connection.check();
        }, this.#checkEveryMs());
        const address = this.#server.address();
        const isBound = typeof address === 'object' && address !== null;
        resolve({ host, port: isBound ? address.port : port });
      });
    });
  }

  /**
   * Asks every client that can do so to connect anew, as before a server is shut down (Enhanced RTMP v2, "Reconnect
   * request"). They are served on until they leave.
   *
   * @param request `tcUrl`: where to; absolute or relative to the present one, the same when undefined.
   * @returns how many clients were asked.
   */
  requestReconnect(
    request: { readonly tcUrl?: string; readonly description?: string } = {},
  ): number {
    const { tcUrl, description = defaultDescription } = request;
    const asked = [...this.#connections.values()].filter((connection) =>
      connection.requestReconnect(tcUrl, description),
    );
    return asked.length;
  }

  /** Stops listening and drops every connection; players are told first that the stream is over. */
  async close(): Promise<void> {
    clearInterval(this.#checkTimer);
    const listening = this.#server.listening;
    const stopped = new Promise<void>((resolve) => {
      if (listening) this.#server.close(() => resolve());
      else resolve();
    });
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
    for (const socket of this.#sockets) socket.destroy();
    await stopped;
  }

  /** Before anything is read from it, TLS included. */
  #place(socket: Socket): void {
    const { remoteAddress: address = 'unknown' } = socket;
    const peer = peerOf(socket);
    const connection = {
      address,
      worth: () => (this.#connections.get(peer)?.isUsed === true ? 'much' : 'nothing'),
      giveWay: () => {
        this.#refuse('it did nothing while others wanted to connect', address);
        socket.destroy();
      },
    } as const;
    const full = this.#places.take(connection);
    if (full !== undefined) {
      const ofAddress = full === 'full' ? '' : ' from its address';
      this.#refuse(`there are too many connections${ofAddress}`, address);
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#places.leave(connection);
    });
  }

  #refuse(reason: string, address: string): void {
    this.#handlers.onError?.(new RtmpError('refused', 'tcp', reason), address);
  }

  /** Often enough that no time limit is overrun by more than half. */
  #checkEveryMs(): number {
    const { settleMs, silenceMs, idleMs, maxSessionMs } = this.#limits;
    const shortest = Math.min(settleMs, silenceMs, idleMs, maxSessionMs);
    return Math.min(Math.max(shortest / 2, checkAtLeastEveryMs), checkAtMostEveryMs);
  }
}

const peerOf = ({ remoteAddress = '', remotePort = 0, localAddress = '' }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
