import type { FlvItem } from '../flv/flv-item.js';
import type { ItemQueue } from '../net/item-queue.js';
import type { RtmpError } from '../session/rtmp-error.js';
import type { PlayRequest, PublishRequest } from '../session/server-requests.js';
import type { PlaybackControl } from './rtmp-playback.js';

/** An ingest or a playback, as far as the server's connection must know it. */
export interface ActiveStream {
  readonly request: PublishRequest | PlayRequest;
  /** Of an ingest only. */
  readonly items: ItemQueue | undefined;
  readonly settle: (error: RtmpError | undefined) => void;
  /** Takes the items in place of the queue. */
  onItem: ((item: FlvItem) => void) | undefined;
  control: PlaybackControl;
  /** When a publisher last sent an item, in milliseconds. */
  lastItem: number;
  /** Since when it waits for the owner's decision, in milliseconds; undefined once that has come. */
  askedAt: number | undefined;
}

/** What a client publishes and plays over one connection, by message stream id. */
export class ActiveStreams {
  readonly #streams = new Map<number, ActiveStream>();

  get size(): number {
    return this.#streams.size;
  }

  all(): ActiveStream[] {
    return [...this.#streams.values()];
  }

  at(streamId: number): ActiveStream | undefined {
    return this.#streams.get(streamId);
  }

  /** Undefined once the client has left it, also when it has begun another with the same id. */
  of(request: ActiveStream['request']): ActiveStream | undefined {
    const stream = this.#streams.get(request.streamId);
    return stream?.request === request ? stream : undefined;
  }

  /** @returns what settles with the stream's end. */
  begin(
    request: ActiveStream['request'],
    items: ItemQueue | undefined,
    now: number,
  ): Promise<RtmpError | undefined> {
    return new Promise((settle) => {
      this.#streams.set(request.streamId, {
        ...{ request, items, settle, onItem: undefined, control: {} },
        ...{ lastItem: now, askedAt: now },
      });
    });
  }

  /** Those who read what was published come to their end. */
  end(stream: ActiveStream, error: RtmpError | undefined): void {
    this.#streams.delete(stream.request.streamId);
    stream.items?.end();
    stream.settle(error);
  }

  /** As if every publisher had just sent something. */
  hear(now: number): void {
    for (const stream of this.#streams.values()) stream.lastItem = now;
  }

  /** When the publisher that is quietest last sent something; undefined when nothing is published. */
  get quietest(): number | undefined {
    return earliest(this.all().map(({ items, lastItem }) => items && lastItem));
  }

  /** Since when the one that waits longest waits for the owner's decision; undefined when none does. */
  get longestAsked(): number | undefined {
    return earliest(this.all().map(({ askedAt }) => askedAt));
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
