import { connect, type Socket } from 'node:net';
import { wait } from 'node-rtmp-client/async';
import type { Direction } from './faults.js';
import { Lane, type LaneConditions, type LaneEnd } from './lane.js';

export interface RiggedConnectionOptions {
  readonly client: Socket;
  readonly to: { readonly host: string; readonly port: number };
  readonly bufferBytes: number;
  readonly acceptDelayMs: number;
  /** Resolves when a new connection may be led on. */
  readonly isOpen: () => Promise<void>;
  readonly conditions: (direction: Direction) => LaneConditions;
  readonly random: () => number;
  readonly onPass: (direction: Direction, bytes: Buffer, offset: number) => Buffer;
  readonly onReached: () => void;
  /** The server could not be reached. */
  readonly onUnreached: (code: string) => void;
  /** Both sides are closed. `by`: who ended it first. */
  readonly onClosed: (by: Side, how: LaneEnd) => void;
}

export type Side = 'client' | 'server' | 'rig';

/** A client, the server that it is led to, and what lies between them. */
export class RiggedConnection {
  readonly #o: RiggedConnectionOptions;
  #server: Socket | undefined;
  #lanes: { readonly up: Lane; readonly down: Lane } | undefined;
  readonly #stopped = new AbortController();
  #ended: { readonly by: Side; readonly how: LaneEnd } | undefined;
  #open = 1;

  constructor(options: RiggedConnectionOptions) {
    this.#o = options;
    this.#watch(options.client, 'client');
    void this.#lead();
  }

  passed(direction: Direction): number {
    return this.#lanes?.[direction].passed ?? 0;
  }

  held(direction: Direction): number {
    return this.#lanes?.[direction].held ?? 0;
  }

  /** The conditions have changed. */
  refresh(): void {
    this.#lanes?.up.pump();
    this.#lanes?.down.pump();
  }

  /** RST to both sides. */
  reset(): void {
    this.#end('reset');
    this.#o.client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  /** The server is left, or neither told nor read, either; the client never is. */
  halfOpen(staysAtServer: boolean): void {
    this.#end('end');
    this.#o.client.pause();
    if (staysAtServer) this.#server?.pause();
    else this.#server?.destroy();
  }

  destroy(): void {
    this.#end('end');
    this.#o.client.destroy();
    this.#server?.destroy();
  }

  #end(how: LaneEnd): void {
    this.#ended ??= { by: 'rig', how };
    this.#stopped.abort();
    this.#lanes?.up.stop();
    this.#lanes?.down.stop();
  }

  async #lead(): Promise<void> {
    const { acceptDelayMs, isOpen, client, to, conditions, random, bufferBytes } = this.#o;
    const { signal } = this.#stopped;
    if (acceptDelayMs > 0) await wait(acceptDelayMs, signal);
    await isOpen();
    if (signal.aborted) return;
    const server = connect({ ...to, allowHalfOpen: true, noDelay: true });
    this.#server = server;
    this.#open += 1;
    this.#watch(server, 'server');
    const failed = (error: NodeJS.ErrnoException): void => {
      this.#o.onUnreached(error.code ?? 'unknown');
      client.resetAndDestroy();
    };
    server.once('error', failed);
    server.once('connect', () => {
      server.removeListener('error', failed);
      const shared = { random, bufferBytes };
      const lane = (direction: Direction, from: Socket, into: Socket): Lane =>
        new Lane({
          ...{ from, to: into, ...shared },
          conditions: () => conditions(direction),
          onPass: (bytes, offset) => this.#o.onPass(direction, bytes, offset),
        });
      this.#lanes = { up: lane('up', client, server), down: lane('down', server, client) };
      this.#o.onReached();
      client.resume();
      this.refresh();
    });
  }

  #watch(socket: Socket, side: Side): void {
    socket.setNoDelay(true);
    socket.on('end', () => (this.#ended ??= { by: side, how: 'end' }));
    socket.on('error', () => (this.#ended ??= { by: side, how: 'reset' }));
    socket.on('close', () => {
      this.#open -= 1;
      if (this.#open > 0) return;
      const { by, how } = this.#ended ?? { by: side, how: 'end' };
      this.#stopped.abort();
      this.#o.onClosed(by, how);
    });
  }
}
