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
import { Redactor } from 'node-rtmp-client/redactor';
import type { AppErrorInfo } from '@tallylight/contract';
import type { Logger } from '../logger.js';
import { rtmpErrorToAppError } from '../outputs/rtmp/destination-errors.js';
import { secretsOf, shownPlace, withoutKeys } from '../outputs/rtmp/stream-place.js';
import { longestRetryMs, RetryPauses } from '../retry-pauses.js';
import { followStreams, observe } from './follow-streams.js';
import type { PushEvent } from './server-events.js';

/** Another server that every stream is handed on to. */
export interface RelayTarget {
  readonly address: RtmpAddress;
  /** Absent: each stream keeps its name, so that there can be several. */
  readonly streamKey?: string;
}

/** A server that has taken the stream for so long has not closed it at the first look at its key. */
const stableMs = 5_000;

/** Hands every stream on to other servers as it is, and tries again for as long as it is live. */
export class StreamRelay {
  readonly #target: RelayTarget;
  readonly #logger: Logger;
  readonly #tell: (event: PushEvent) => void;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #unwatch: () => void;

  /** @param tell is told when a stream is not handed on, and when it is again. */
  constructor(hub: LiveHub, target: RelayTarget, logger: Logger, tell: (event: PushEvent) => void) {
    this.#tell = tell;
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
    const { app, name } = stream;
    const place = { address: this.#target.address, streamKey: this.#target.streamKey ?? '' };
    const { url } = shownPlace(place);
    const isOver = (): boolean => this.#closing.signal.aborted || stream.hasEnded;
    // The code of the failure that was told, until it is over.
    let told: string | undefined;
    const resumed = (): void => {
      if (told === undefined) return;
      told = undefined;
      this.#tell({ type: 'push-resumed', app, name, url });
    };
    const pauses = new RetryPauses();
    while (!this.#closing.signal.aborted) {
      const startedAt = performance.now();
      try {
        await this.#once(stream, resumed);
        return;
      } catch (failure) {
        this.#logger.warn({ app, host, error: String(failure) }, 'a stream could not be handed on');
        const error = explain(failure, place);
        if (!isOver() && told !== error.code) {
          told = error.code;
          this.#tell({ type: 'push-failed', app, name, url, error });
        }
      }
      // One that went well for a while is tried again at once.
      if (performance.now() - startedAt > longestRetryMs) pauses.reset();
      await wait(pauses.next(), this.#closing.signal);
      if (stream.hasEnded) return;
    }
  }

  /** Resolves when the stream is over, and the other server was told. */
  async #once(stream: LiveStream, onStable: () => void): Promise<void> {
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
    const stable = setTimeout(onStable, stableMs);
    void publisher.closed.then(() => clearTimeout(stable));
    try {
      for (let batch = await items.next(); batch.length > 0; batch = await items.next())
        await withDeadline(writeAll(publisher, batch), stalledMs, stalled);
    } finally {
      clearTimeout(stable);
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

/** What is known of the failure, without keys. */
function explain(
  failure: unknown,
  place: { readonly address: RtmpAddress; readonly streamKey: string },
): AppErrorInfo {
  const redactor = new Redactor();
  for (const secret of secretsOf(place)) redactor.add(secret);
  return rtmpErrorToAppError(failure, {
    ...shownPlace(place),
    redact: (text) => redactor.redact(text),
    hideKey: (app) => withoutKeys(app, place),
  }).info;
}
