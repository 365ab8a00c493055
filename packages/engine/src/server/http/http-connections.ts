import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionPlaces } from 'node-rtmp-client';

/** How much the HTTP side takes on, and for how long. */
export interface HttpLimits {
  /** Connections at a time. When there are more, the oldest that is not being answered gives way. */
  readonly maxConnections: number;
  /** Of one IP address. Less than all, so that one machine cannot keep the others out. */
  readonly maxConnectionsPerAddress: number;
  /** Milliseconds within which a connection must have asked for something, TLS included. */
  readonly requestMs: number;
  /** Milliseconds within which an answer must be taken that has an end: a segment of a live stream is of no use later. */
  readonly answerMs: number;
  /** Milliseconds for which a player of a stream without end may take nothing. */
  readonly stallMs: number;
}

const defaultHttpLimits: HttpLimits = {
  maxConnections: 512,
  maxConnectionsPerAddress: 384,
  requestMs: 10_000,
  answerMs: 60_000,
  stallMs: 30_000,
};

/** Requests that a connection may have waiting: each holds its answer, and no program of today sends many at once. */
const mostPipelined = 4;

/** One that is not through with TLS, asks, is answered, or has become a WebSocket. */
interface Connection {
  readonly socket: Socket;
  hasAsked: boolean;
  /** Requests that are being answered. */
  open: number;
}

/** The connections of an HTTP server, each with its bounds. */
export class HttpConnections {
  readonly limits: HttpLimits;
  readonly #places: ConnectionPlaces;
  readonly #onRefused: () => void;
  /** By their peers: with TLS, what comes out of it is another socket than what went in. */
  readonly #connections = new Map<string, Connection>();

  /** @param onRefused is told of each that has no place, or gives it to another. */
  constructor(limits: Partial<HttpLimits> = {}, onRefused: () => void = () => undefined) {
    this.#onRefused = onRefused;
    this.limits = { ...defaultHttpLimits, ...limits };
    const { maxConnections: most, maxConnectionsPerAddress: mostPerAddress } = this.limits;
    this.#places = new ConnectionPlaces({ most, mostPerAddress });
  }

  /** Connections now. */
  get count(): number {
    return this.#connections.size;
  }

  /** Takes one that has just come, before anything is read from it. */
  adopt(socket: Socket): void {
    const peer = peerOf(socket);
    const connection: Connection = { socket, hasAsked: false, open: 0 };
    const place = {
      address: socket.remoteAddress ?? 'unknown',
      worth: () => (connection.open > 0 ? 'much' : connection.hasAsked ? 'little' : 'nothing'),
      giveWay: () => {
        this.#onRefused();
        socket.destroy();
      },
    } as const;
    if (this.#places.take(place) !== undefined) {
      this.#onRefused();
      socket.destroy();
      return;
    }
    this.#connections.set(peer, connection);
    socket.once('close', () => {
      this.#places.leave(place);
      this.#connections.delete(peer);
    });
  }

  /** A request has come, and is answered from now on. @returns false when nothing is to be answered. */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#connections.get(peerOf(socket));
    // What was read together with a request too many is still handed over.
    if (connection === undefined || socket.destroyed) return false;
    connection.hasAsked = true;
    connection.open += 1;
    response.once('close', () => (connection.open -= 1));
    if (connection.open <= mostPipelined) return true;
    socket.destroy();
    return false;
  }

  /** An answer is written: ends the connection unless it is taken before long. */
  awaitTaken({ socket }: IncomingMessage, response: ServerResponse): void {
    if (response.writableFinished || socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), this.limits.answerMs);
    const settle = (): void => {
      clearTimeout(timer);
      response.off('close', settle);
      socket.off('close', settle);
    };
    // An answer that waits for those before it is not told that its connection has ended.
    response.once('close', settle);
    socket.once('close', settle);
  }

  /** It is a WebSocket's from now on. */
  keep({ socket }: IncomingMessage): void {
    const connection = this.#connections.get(peerOf(socket));
    if (connection !== undefined) connection.open = Infinity;
  }

  /** Ends every connection at once. */
  closeAll(): void {
    for (const { socket } of this.#connections.values()) socket.destroy();
  }
}

const peerOf = ({ remoteAddress = '', remotePort = 0, localAddress = '' }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
