import type { FlvItem, LiveHub, LiveStream } from 'node-rtmp-client';
import { withResolvers } from 'node-rtmp-client/async';
import type { StreamOrigin } from './stream-origin.js';

/** What is published under one name to a server of this process. */
export class HubOrigin implements StreamOrigin {
  readonly name: string;
  readonly #hub: LiveHub;
  readonly #app: string;
  readonly #streamName: string;
  #droppedFrames = 0;
  /** Of each stream, the newest decode time that was given; it is forgotten with the stream. */
  readonly #given = new WeakMap<LiveStream, number>();

  constructor(hub: LiveHub, app: string, streamName: string) {
    this.name = `${app}/${streamName}`;
    this.#hub = hub;
    this.#app = app;
    this.#streamName = streamName;
  }

  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  async *items(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    const stream = await this.#published(signal);
    if (!stream) return;
    const given = this.#given.get(stream) ?? -Infinity;
    const queue = stream.join('observer');
    const leave = (): void => stream.leave(queue);
    signal.addEventListener('abort', leave, { once: true });
    const droppedBefore = this.#droppedFrames;
    try {
      for (let batch = await queue.nextBatch(); batch.length > 0; batch = await queue.nextBatch()) {
        this.#droppedFrames = droppedBefore + queue.droppedFrames;
        for (const item of batch) {
          if (signal.aborted) return;
          const frameAt = timeOfFrame(item);
          // What is kept for late joiners may have been given before.
          if (frameAt !== undefined && frameAt <= given) continue;
          if (frameAt !== undefined) this.#note(stream, frameAt);
          yield item;
        }
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  #note(stream: LiveStream, time: number): void {
    this.#given.set(stream, Math.max(time, this.#given.get(stream) ?? -Infinity));
  }

  /** The stream once somebody publishes it; undefined once `signal` is aborted. */
  async #published(signal: AbortSignal): Promise<LiveStream | undefined> {
    const { promise, resolve } = withResolvers();
    const look = (): void => {
      if (signal.aborted || this.#find()) resolve();
    };
    const unwatch = this.#hub.watch(look);
    signal.addEventListener('abort', look, { once: true });
    try {
      look();
      await promise;
      return signal.aborted ? undefined : this.#find();
    } finally {
      unwatch();
      signal.removeEventListener('abort', look);
    }
  }

  #find(): LiveStream | undefined {
    return this.#hub.find(this.#app, this.#streamName);
  }
}

const timeOfFrame = (item: FlvItem): number | undefined =>
  'packet' in item && item.packet.type === 'frame' ? item.packet.dts : undefined;
