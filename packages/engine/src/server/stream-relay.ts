import {
  publish,
  RtmpError,
  type FlvItem,
  type LiveHub,
  type LiveStream,
  type RtmpAddress,
  type RtmpPublisher,
} from 'node-rtmp-client';
import { wait, withDeadline } from 'node-rtmp-client/async';
import type { Logger } from '../logger.js';
import { followStreams, observe } from './follow-streams.js';

/** Another server that every stream is handed on to. */
export interface RelayTarget {
  readonly address: RtmpAddress;
  /** Absent: each stream keeps its name, so that there can be several. */
  readonly streamKey?: string;
}

const firstRetryMs = 1000;
const longestRetryMs = 15_000;

/** Hands every stream on to other servers as it is, and tries again for as long as it is live. */
export class StreamRelay {
  readonly #target: RelayTarget;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #unwatch: () => void;

  constructor(hub: LiveHub, target: RelayTarget, logger: Logger) {
    this.#target = target;
    this.#logger = logger;
    this.#unwatch = followStreams(hub, (stream) => {
      const running = this.#relay(stream).finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
  }

  /** Ends every connection; resolves when they are closed. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  /** Never rejects. */
  async #relay(stream: LiveStream): Promise<void> {
    const { host } = this.#target.address;
    const { app } = stream;
    for (let delay = firstRetryMs; !this.#closing.signal.aborted;) {
      const startedAt = performance.now();
      try {
        await this.#once(stream);
        return;
      } catch (error) {
        this.#logger.warn({ app, host, error: String(error) }, 'a stream could not be handed on');
      }
      // One that went well for a while is tried again at once.
      if (performance.now() - startedAt > longestRetryMs) delay = firstRetryMs;
      await wait(delay, this.#closing.signal);
      delay = Math.min(delay * 2, longestRetryMs);
      if (stream.hasEnded) return;
    }
  }

  /** Resolves when the stream is over, and the other server was told. */
  async #once(stream: LiveStream): Promise<void> {
    const { address, streamKey = stream.name } = this.#target;
    const { signal } = this.#closing;
    const publisher = await publish({ address, streamKey, signal });
    this.#logger.info({ app: stream.app, host: address.host }, 'a stream is handed on');
    const items = observe(stream);
    const lost = publisher.closed.then((error) => {
      items.leave();
      return error;
    });
    // Listening once, not with each batch: what waits for a signal is kept until that is aborted.
    const stop = (): void => {
      items.leave();
      void publisher.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (let batch = await items.next(); batch.length > 0; batch = await items.next())
        await withDeadline(writeAll(publisher, batch), stalledMs, stalled);
    } finally {
      signal.removeEventListener('abort', stop);
      items.leave();
      await publisher.close();
    }
    const error = await lost;
    if (error && !stream.hasEnded && !signal.aborted) throw error;
  }
}

async function writeAll(publisher: RtmpPublisher, items: readonly FlvItem[]): Promise<void> {
  for (const item of items) await publisher.writeItem(item);
}

/** A server that has taken nothing for so long is lost, though its connection stands. */
const stalledMs = 15_000;
const stalled = (): RtmpError => new RtmpError('timeout', 'streaming', 'it takes nothing more');
