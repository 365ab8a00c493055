import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A socket of which it is known what came, and how it ended. */
export class PlainPeer {
  readonly socket: Socket;
  #received: Buffer[] = [];
  #error: string | undefined;
  #hasEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.#received.push(bytes));
    socket.on('end', () => (this.#hasEnded = true));
    socket.on('error', (error: NodeJS.ErrnoException) => (this.#error = error.code));
  }

  get received(): Buffer {
    this.#received = [Buffer.concat(this.#received)];
    return this.#received[0] ?? Buffer.alloc(0);
  }

  /** The system's code of what went wrong. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Whether the other side has sent all. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  send(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }
}

export interface PlainServer {
  readonly port: number;
  /** In the order in which they came. */
  readonly peers: readonly PlainPeer[];
  readonly stop: () => Promise<void>;
}

/** Takes connections, and keeps what comes. */
export async function startPlainServer(): Promise<PlainServer> {
  const peers: PlainPeer[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    peers.push(new PlainPeer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    peers,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const { socket } of peers) socket.destroy();
      await closed;
    },
  };
}

/** Connected, or not, once its `connect` or `error` event has come. */
export async function connectPlain(port: number): Promise<PlainPeer> {
  const peer = new PlainPeer(connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  await once(peer.socket, 'connect').catch(() => undefined);
  return peer;
}
