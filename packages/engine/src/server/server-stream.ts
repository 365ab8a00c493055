import {
  appError,
  describeError,
  type ServerStreamName,
  type StreamInput,
} from '@tallylight/contract';
import type { FlvItem, RtmpAddress } from 'node-rtmp-client';
import { withResolvers } from 'node-rtmp-client/async';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import type { BuiltInServer } from './built-in-server.js';
import type { StreamInputFace } from './stream-input.js';

/** The built-in server, which may be switched off and on again. */
export interface SwitchedServer {
  /** Undefined while it is off. */
  readonly running: BuiltInServer | undefined;
  /** Calls `listener` when it is switched, and when a stream begins or ends; returns the way to stop that. */
  onSwitch(listener: () => void): () => void;
  /** Whether it listens at that address. */
  isAt(address: RtmpAddress): boolean;
}

/** A stream that others publish to the built-in server, for a window that sends it on. */
export class ServerStream implements StreamInputFace {
  readonly #server: SwitchedServer;
  readonly #stream: ServerStreamName;

  constructor(server: SwitchedServer, stream: ServerStreamName) {
    this.#server = server;
    this.#stream = stream;
  }

  get state(): StreamInput {
    const { running } = this.#server;
    const { app, name } = this.#stream;
    if (!running) return { isPublished: false, error: describeError('SERVER_OFF') };
    return { isPublished: running.isPublished(app, name) };
  }

  /** @throws AppError `SERVER_OFF`: it is for the user to switch it on. */
  open(): Promise<void> {
    return this.#server.running ? Promise.resolve() : Promise.reject(appError('SERVER_OFF'));
  }

  origin(): StreamOrigin {
    return new ServerOrigin(this.#server, this.#stream);
  }

  isAt(address: RtmpAddress, name: string): boolean {
    const { app, name: ours } = this.#stream;
    // The key stands behind the name, or behind the application's.
    const isThere = withoutQuery(address.app) === app && withoutQuery(name) === ours;
    return isThere && this.#server.isAt(address);
  }

  onChange(listener: () => void): () => void {
    const now = (): string => JSON.stringify(this.state);
    let told = now();
    return this.#server.onSwitch(() => {
      if (now() === told) return;
      told = now();
      listener();
    });
  }
}

const withoutQuery = (name: string): string => name.replace(/\?.*$/, '');

/** Of one server after the other: each knows nothing of the last one's streams. */
class ServerOrigin implements StreamOrigin {
  readonly name: string;
  readonly #server: SwitchedServer;
  readonly #stream: ServerStreamName;
  #of: { readonly server: BuiltInServer; readonly origin: StreamOrigin } | undefined;
  #droppedBefore = 0;

  constructor(server: SwitchedServer, stream: ServerStreamName) {
    this.name = `${stream.app}/${stream.name}`;
    this.#server = server;
    this.#stream = stream;
  }

  get droppedFrames(): number {
    return this.#droppedBefore + (this.#of?.origin.droppedFrames ?? 0);
  }

  async *items(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    for (let given = false; !given && !signal.aborted;) {
      const server = await this.#switchedOn(signal);
      if (!server) return;
      const off = new AbortController();
      const unwatch = this.#server.onSwitch(() => {
        if (this.#server.running !== server) off.abort();
      });
      try {
        for await (const item of this.#originAt(server).items(
          AbortSignal.any([signal, off.signal]),
        )) {
          given = true;
          yield item;
        }
      } finally {
        unwatch();
      }
    }
  }

  #originAt(server: BuiltInServer): StreamOrigin {
    if (this.#of?.server !== server) {
      this.#droppedBefore = this.droppedFrames;
      const { app, name } = this.#stream;
      this.#of = { server, origin: server.origin(app, name) };
    }
    return this.#of.origin;
  }

  /** The server once it is on; undefined once `signal` is aborted. */
  async #switchedOn(signal: AbortSignal): Promise<BuiltInServer | undefined> {
    const { promise, resolve } = withResolvers();
    const look = (): void => {
      if (signal.aborted || this.#server.running) resolve();
    };
    const unwatch = this.#server.onSwitch(look);
    signal.addEventListener('abort', look, { once: true });
    try {
      look();
      await promise;
      return signal.aborted ? undefined : this.#server.running;
    } finally {
      unwatch();
      signal.removeEventListener('abort', look);
    }
  }
}
