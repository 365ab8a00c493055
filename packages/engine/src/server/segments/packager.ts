import type { LiveHub, LiveStream } from 'node-rtmp-client';
import type { Logger } from '../../logger.js';
import { followStreams, observe, type ObservedItems } from '../follow-streams.js';
import { PackagedStream, type PackagedStreamOptions } from './packaged-stream.js';

/** Bounds of what is kept for players of HLS and DASH, and how it is divided. */
export interface PackagerOptions extends Partial<PackagedStreamOptions> {
  /** How long a publisher that has gone is waited for, before players are told that the stream is over. Milliseconds. */
  readonly graceMs?: number;
  /** How long the last segments can be had after that. Milliseconds. */
  readonly retainMs?: number;
}

const defaults = {
  segmentSeconds: 2,
  partSeconds: 0.5,
  listedSegments: 6,
  maxBytes: 32 * 1024 * 1024,
  graceMs: 20_000,
  retainMs: 60_000,
};

interface Entry {
  readonly packaged: PackagedStream;
  /** Runs while nobody publishes it. */
  timer: NodeJS.Timeout | undefined;
  /** Settles when what has been published so far is divided. */
  done: Promise<void>;
}

/** Divides every stream that is live into segments, and keeps the newest of them. */
export class Packager {
  readonly #hub: LiveHub;
  readonly #logger: Logger;
  readonly #options: Required<Omit<PackagerOptions, 'now'>>;
  readonly #entries = new Map<string, Entry>();
  readonly #unwatch: () => void;

  constructor(hub: LiveHub, logger: Logger, options: PackagerOptions = {}) {
    this.#hub = hub;
    this.#logger = logger;
    this.#options = { ...defaults, ...options };
    this.#unwatch = followStreams(hub, (stream) => this.#follow(stream));
  }

  /** Undefined for a stream that is not live, and was not a while ago. */
  find(app: string, name: string): PackagedStream | undefined {
    return this.#entries.get(keyOf(app, name))?.packaged;
  }

  /** Forgets everything; whoever waits is answered. */
  close(): void {
    this.#unwatch();
    for (const { packaged, timer } of this.#entries.values()) {
      clearTimeout(timer);
      packaged.close();
    }
    this.#entries.clear();
  }

  #follow(stream: LiveStream): void {
    const key = keyOf(stream.app, stream.name);
    const known = this.#entries.get(key);
    clearTimeout(known?.timer);
    // What was told to be over stays so: who plays it does not ask again.
    const entry =
      known === undefined || known.packaged.isOver
        ? { packaged: new PackagedStream(this.#options), timer: undefined, done: Promise.resolve() }
        : known;
    this.#entries.set(key, entry);
    const items = observe(stream);
    // What a publisher before has sent comes first.
    entry.done = entry.done.then(() => this.#divide(items, key, entry));
  }

  /** Never rejects. */
  async #divide(items: ObservedItems, key: string, entry: Entry): Promise<void> {
    const { packaged } = entry;
    try {
      for (let batch = await items.next(); batch.length > 0; batch = await items.next())
        for (const item of batch) await packaged.push(item);
      await packaged.endPublisher();
    } catch (error) {
      this.#logger.error({ error: String(error) }, 'a stream could not be divided into segments');
    } finally {
      items.leave();
      this.#awaitPublisher(key, entry);
    }
  }

  #awaitPublisher(key: string, entry: Entry): void {
    // Another publisher may have come while the last segment was written.
    if (this.#entries.get(key) !== entry || this.#isLive(key)) return;
    entry.timer = setTimeout(() => {
      entry.packaged.close();
      entry.timer = setTimeout(() => this.#entries.delete(key), this.#options.retainMs);
      entry.timer.unref();
    }, this.#options.graceMs);
    entry.timer.unref();
  }

  #isLive(key: string): boolean {
    return this.#hub.list().some(({ app, name }) => keyOf(app, name) === key);
  }
}

const keyOf = (app: string, name: string): string => JSON.stringify([app, name]);
