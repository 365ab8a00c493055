import { appError, type StreamAddress, type StreamInput } from '@tallylight/contract';
import type { RtmpAddress } from 'node-rtmp-client';
import { isLoopbackHost } from 'node-rtmp-client/address';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import { StreamIngest } from './stream-ingest.js';

const host = '127.0.0.1';
const app = 'live';
/** No secret: only this computer can publish. */
const streamName = 'input';
/** Not the usual one, which is the built-in server's. They stay the same from run to run; at last any that is free. */
const ports = [1936, 1937, 1938, 0];

/** A stream that a window can send on. */
export interface StreamInputFace {
  readonly state: StreamInput;
  /** Lets others publish it. @throws AppError why they cannot. */
  open(): Promise<unknown>;
  /** What is published from now on, for one reader. */
  origin(): StreamOrigin;
  /** Whether it is what is published under that name to that server. */
  isAt(address: RtmpAddress, name: string): boolean;
  /** Calls `listener` at each change; returns the way to stop that. */
  onChange(listener: () => void): () => void;
}

/** What others on this computer publish, for a window that sends it on. Opened when it is first wanted. */
export class WindowStreamInput implements StreamInputFace {
  readonly #logger: Logger;
  #made: StreamIngest | undefined;
  readonly #listeners = new Set<() => void>();
  #opening: Promise<StreamAddress> | undefined;
  #address: StreamAddress | undefined;
  #port: number | undefined;
  #isPublished = false;
  #closed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get state(): StreamInput {
    return {
      ...(this.#address && { address: this.#address }),
      isPublished: this.#isPublished,
    };
  }

  /** @throws AppError `NOT_BROADCASTING` once it is closed, or why it cannot listen. */
  async open(): Promise<StreamAddress> {
    if (this.#closed) throw appError('NOT_BROADCASTING');
    this.#opening ??= this.#listen();
    try {
      this.#address = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    this.#changed();
    return this.#address;
  }

  origin(): StreamOrigin {
    return this.#ingest.origin(app, streamName);
  }

  isAt({ host, port, app: theirs }: RtmpAddress, name: string): boolean {
    const isThere = port === this.#port && theirs === app && name === streamName;
    return isThere && isLoopbackHost(host);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Whoever opened it was told why that failed.
    const address = await this.#opening?.catch(() => undefined);
    if (address) await this.#ingest.close();
  }

  get #ingest(): StreamIngest {
    this.#made ??= this.#make();
    return this.#made;
  }

  #make(): StreamIngest {
    const ingest = new StreamIngest({ logger: this.#logger });
    ingest.watch((event) => {
      if (event.type !== 'published' && event.type !== 'ended') return;
      if (event.stream.app !== app || event.stream.name !== streamName) return;
      this.#isPublished = event.type === 'published';
      this.#changed();
    });
    return ingest;
  }

  async #listen(): Promise<StreamAddress> {
    for (const port of ports) {
      try {
        const listening = await this.#ingest.start({ host, port });
        this.#port = listening.port;
        const serverUrl = `rtmp://${host}:${listening.port}/${app}`;
        return { url: `${serverUrl}/${streamName}`, serverUrl, streamKey: streamName };
      } catch (error) {
        if (toErrorInfo(error).code !== 'PORT_IN_USE') throw error;
      }
    }
    throw appError('PORT_IN_USE', { address: host });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
