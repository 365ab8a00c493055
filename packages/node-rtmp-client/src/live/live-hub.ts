import type { FlvItem } from '../flv/flv-item.js';
import type { LiveStreamInfo } from './live-stream-info.js';
import { LiveStream, type LiveStreamLimits } from './live-stream.js';

/** Bounds of a hub, and what becomes of a second publisher of a stream. */
export interface LiveHubOptions extends LiveStreamLimits {
  /** Streams that may be live at a time; 64 by default. */
  readonly maxStreams?: number;
  /**
   * What becomes of somebody who publishes what is live already: turned away ('reject', the default), or the stream is
   * theirs and its players go on with it ('replace'), as a publisher needs it whose first connection hangs; or that only
   * where nothing has come of the first for a while ('replace-silent').
   */
  readonly duplicatePublisher?: 'reject' | 'replace' | 'replace-silent';
  /** Milliseconds after which a publisher of whom nothing comes is silent; five seconds by default. */
  readonly silentMs?: number;
}

const usualSilentMs = 5_000;

/** A stream has begun or ended. */
export interface LiveHubEvent {
  readonly type: 'published' | 'ended';
  readonly stream: LiveStreamInfo;
}

/** A publisher's hold on a live stream. */
export interface LiveFeed {
  readonly stream: LiveStream;
  /** Hands an item to everybody who plays. Without effect once closed, or replaced by another publisher. */
  push(item: FlvItem): void;
  /** Ends the stream, unless it belongs to another publisher by now. */
  close(): void;
}

interface Entry {
  readonly stream: LiveStream;
  feed: LiveFeed;
  /** Milliseconds of a clock that never goes back. */
  fedAt: number;
  onReplaced: () => void;
}

/** Every stream that is live now, by application and name; one publisher each. */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(event: LiveHubEvent) => void>();

  constructor(options: LiveHubOptions = {}) {
    this.#options = options;
  }

  /** What is live now, in the order in which it began. */
  list(): LiveStreamInfo[] {
    return [...this.#entries.values()].map(({ stream }) => stream.info);
  }

  /** The stream of that name; undefined when nobody publishes it. */
  find(app: string, name: string): LiveStream | undefined {
    return this.#entries.get(keyOf(app, name))?.stream;
  }

  /**
   * Makes a stream live.
   *
   * @param onReplaced told when another publisher has taken the stream over.
   * @returns 'busy' when somebody publishes it already, 'full' when there are too many streams.
   */
  publish(app: string, name: string, onReplaced: () => void): LiveFeed | 'busy' | 'full' {
    const { maxStreams = 64 } = this.#options;
    const key = keyOf(app, name);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      if (!this.#givesWay(known)) return 'busy';
      const replaced = known.onReplaced;
      known.stream.replacePublisher();
      known.feed = this.#feed(key, known.stream);
      known.fedAt = performance.now();
      known.onReplaced = onReplaced;
      replaced();
      return known.feed;
    }
    if (this.#entries.size >= maxStreams) return 'full';
    const stream = new LiveStream(app, name, this.#options);
    const feed = this.#feed(key, stream);
    this.#entries.set(key, { stream, feed, fedAt: performance.now(), onReplaced });
    this.#tell({ type: 'published', stream: stream.info });
    return feed;
  }

  /** Calls `listener` whenever a stream begins or ends; returns the way to stop that. */
  watch(listener: (event: LiveHubEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every stream. */
  closeAll(): void {
    for (const { feed } of [...this.#entries.values()]) feed.close();
  }

  #givesWay({ fedAt }: Entry): boolean {
    const { duplicatePublisher = 'reject', silentMs = usualSilentMs } = this.#options;
    if (duplicatePublisher !== 'replace-silent') return duplicatePublisher === 'replace';
    return performance.now() - fedAt > silentMs;
  }

  #feed(key: string, stream: LiveStream): LiveFeed {
    const current = (): Entry | undefined => {
      const entry = this.#entries.get(key);
      return entry?.feed === feed ? entry : undefined;
    };
    const feed: LiveFeed = {
      stream,
      push: (item) => {
        const entry = current();
        if (!entry) return;
        entry.fedAt = performance.now();
        stream.push(item);
      },
      close: () => {
        if (!current()) return;
        this.#entries.delete(key);
        stream.end();
        this.#tell({ type: 'ended', stream: stream.info });
      },
    };
    return feed;
  }

  #tell(event: LiveHubEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** As JSON, so that no two pairs of names share a key. */
const keyOf = (app: string, name: string): string => JSON.stringify([app, name]);
