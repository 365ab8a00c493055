import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LiveStream } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import type { WebSocket, WebSocketServer } from 'ws';
import { atExpiry } from '../access/at-expiry.js';
import type { PlayerAccount } from '../statistics/server-statistics.js';
import { flvPieces } from './flv-pieces.js';

/** A player has nothing to say; what some send to keep a connection open is passed over, up to these bounds. */
const maxMessageBytes = 1024;
const maxMessages = 1000;
/** While more than this waits to be sent, pings are left unanswered, whose answers would be queued behind it. Bytes. */
const maxQueuedForPong = 64 * 1024;
/** How long a player has to answer that the stream is over. Milliseconds. */
const closeMs = 5000;

const closeCode = { ended: 1000, expired: 1008, talksTooMuch: 1008, failed: 1011 } as const;

/** What a player gets. */
export interface SocketPlay {
  readonly stream: LiveStream;
  /** When the player's time is over, in milliseconds since the epoch. */
  readonly until: number;
  /** Opens the player's account. */
  readonly begin: () => PlayerAccount;
}

/** The players of WebSocket-FLV: the endless file of HTTP-FLV in binary messages, a batch of frames each. */
export class FlvSockets {
  /** From the first player on: most programs that have a server inside never have one. */
  #server: Promise<WebSocketServer> | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #stallMs: number;

  /** @param stallMs a player whose connection takes nothing for so long is disconnected */
  constructor(onError: (error: unknown) => void, stallMs: number) {
    this.#onError = onError;
    this.#stallMs = stallMs;
  }

  /** Takes over the connection of a request to upgrade; one that is no WebSocket's is refused and closed. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer, play: SocketPlay): void {
    this.#server ??= openServer();
    this.#server
      .then((server) =>
        server.handleUpgrade(request, connection, head, (socket) => {
          const stay = atExpiry(play.until, () => socket.close(closeCode.expired));
          socket.once('close', stay);
          sendMessages(socket, play, this.#stallMs).catch((error: unknown) => {
            this.#onError(error);
            socket.close(closeCode.failed);
          });
        }),
      )
      .catch((error: unknown) => {
        this.#onError(error);
        connection.destroy();
      });
  }
}

async function openServer(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws');
  return new Server({
    ...{ noServer: true, perMessageDeflate: false, autoPong: false, closeTimeout: closeMs },
    maxPayload: maxMessageBytes,
  });
}

async function sendMessages(
  socket: WebSocket,
  { stream, begin }: SocketPlay,
  stallMs: number,
): Promise<void> {
  const left = new AbortController();
  socket.once('close', () => left.abort());
  // It is followed by `close`; a player that breaks the protocol or its connection is not an error of ours.
  socket.on('error', () => undefined);
  let messages = 0;
  socket.on('message', () => {
    messages += 1;
    if (messages === maxMessages) socket.close(closeCode.talksTooMuch);
  });
  socket.on('ping', (data) => {
    if (socket.bufferedAmount <= maxQueuedForPong) socket.pong(data);
  });
  for await (const parts of flvPieces(stream, left.signal, begin)) {
    if ((await within(sent(socket, Buffer.concat(parts)), stallMs)) === 'late') {
      socket.terminate();
      return;
    }
  }
  socket.close(closeCode.ended);
}

/** Resolves when the system has taken it, or nobody is left to send to. */
function sent(socket: WebSocket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, { binary: true }, () => resolve()));
}
