import { Notifier } from '../async/notifier.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { itemBytes } from '../flv/item-bytes.js';
import { keptItem } from '../live/kept-item.js';
import { isHeader, StreamHeaders } from '../live/stream-headers.js';
import type { ReadGate } from './read-gate.js';

/** Bytes that may wait for a reader before the sender is held up, and at which it may go on. */
const highWater = 4 * 1024 * 1024;
const lowWater = 1024 * 1024;
/** What an item costs besides its payload, so that many small ones count too. */
const itemOverhead = 256;

/** Items on their way from a socket to whoever reads them. The socket is held up while too much waits. */
export class ItemQueue implements AsyncIterable<FlvItem> {
  readonly #gate: ReadGate;
  readonly #changed = new Notifier();
  #items: FlvItem[] = [];
  #bytes = 0;
  #full = false;
  #ended = false;

  constructor(gate: ReadGate) {
    this.#gate = gate;
  }

  push(item: FlvItem): void {
    if (this.#ended) return;
    this.#items.push(keptItem(item));
    this.#bytes += costOf(item);
    if (!this.#full && this.#bytes > highWater) {
      this.#full = true;
      this.#gate.hold();
    }
    this.#changed.notify();
  }

  /** What waits, for whoever takes it in place of a reader. */
  drain(): FlvItem[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    this.#makeRoom();
    return items;
  }

  /** Forgets what waits, but for the newest item and what a decoder has to know before it. */
  dropOlder(): void {
    const newest = this.#items.at(-1);
    if (newest === undefined) return;
    const headers = new StreamHeaders();
    for (const item of this.#items) headers.see(item);
    this.#items = [...headers.items(undefined), ...(isHeader(newest) ? [] : [newest])];
    this.#bytes = this.#items.reduce((bytes, item) => bytes + costOf(item), 0);
    if (this.#bytes < lowWater) this.#makeRoom();
  }

  /** Readers get what is queued, then come to their end. */
  end(): void {
    this.#ended = true;
    this.#makeRoom();
    this.#changed.notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FlvItem, void, undefined> {
    try {
      for (;;) {
        const item = this.#items.shift();
        if (item !== undefined) {
          this.#bytes -= costOf(item);
          if (this.#bytes < lowWater) this.#makeRoom();
          yield item;
        } else if (this.#ended) {
          return;
        } else {
          await this.#changed.wait();
        }
      }
    } finally {
      // A reader that has left must not hold up the rest of the connection.
      this.#items = [];
      this.end();
    }
  }

  #makeRoom(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#gate.release();
  }
}

const costOf = (item: FlvItem): number => itemOverhead + itemBytes(item);
