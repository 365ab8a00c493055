import type { Server } from 'node:net';

/** Connections over RTMP and HTTP, counted together. */
export class ConnectionLimit {
  readonly most: number;
  readonly #others: () => number;
  #here = 0;

  /** @param others how many there are that are not counted here. */
  constructor(most: number, others: () => number) {
    this.most = most;
    this.#others = others;
  }

  get here(): number {
    return this.#here;
  }

  /** There are more than may be: the one that came last has to go. */
  get isExceeded(): boolean {
    return this.#here + this.#others() > this.most;
  }

  /** Counts those of a server from now on, and drops the ones that are too many. */
  watch(server: Server, onDropped: () => void): void {
    server.maxConnections = this.most;
    server.on('drop', onDropped);
    server.on('connection', (socket) => {
      this.#here += 1;
      socket.once('close', () => (this.#here -= 1));
      if (!this.isExceeded) return;
      onDropped();
      socket.destroy();
    });
  }
}
