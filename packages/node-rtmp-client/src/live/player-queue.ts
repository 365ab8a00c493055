import { Notifier } from '../async/notifier.js';
import type { FlvItem, PacketItem } from '../flv/flv-item.js';
import { itemBytes } from '../flv/item-bytes.js';
import { StreamHeaders } from './stream-headers.js';

/** What one player may have waiting, in payload bytes; more than any group of pictures that a stream keeps. */
const defaultQueuedBytes = 24 * 1024 * 1024;
/** Items that may wait, however small they are. */
const maxItems = 20_000;
const batchBytes = 64 * 1024;

/**
 * What one player still has to get. Bounded: a player that falls behind by more than the bound loses everything that
 * waits and goes on at the next keyframe, with whatever headers it needs for it. No track begins with a frame that
 * cannot be decoded.
 */
export class PlayerQueue {
  readonly #maxBytes: number;
  #items: FlvItem[] = [];
  /** Index of the first item that waits, so that taking one does not move the others. */
  #first = 0;
  #bytes = 0;
  #droppedFrames = 0;
  /** The video tracks there are: sound alone is no place to go on while one of them may have a keyframe. */
  readonly #videoTracks = new Set<number>();
  /** Waits for a keyframe: everything else is left out meanwhile. */
  #resyncing = false;
  /** The video tracks that can be decoded, since their last keyframe was let through. */
  readonly #decodable = new Set<number>();
  /** What was left out and will be needed. */
  readonly #headers = new StreamHeaders();
  readonly #changed = new Notifier();
  #ended = false;

  /** @param maxBytes payload bytes that may wait. */
  constructor(maxBytes = defaultQueuedBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Payload bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames of any track that the player never got. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  push(item: FlvItem): void {
    if (this.#ended) return;
    const bytes = itemBytes(item);
    const isFull =
      this.#bytes + bytes > this.#maxBytes || this.#items.length - this.#first >= maxItems;
    if (isFull) this.#overflow();
    const isFrame = item.type === 'packet' && item.packet.type === 'frame';
    if (bytes > this.#maxBytes) this.#droppedFrames += isFrame ? 1 : 0;
    else if (isFrame) this.#pushFrame(item);
    else this.#pushOther(item);
  }

  /** Leaves out every frame until a keyframe comes. What waits is still delivered. */
  awaitKeyframe(): void {
    this.#resyncing = true;
    this.#decodable.clear();
  }

  /** As `awaitKeyframe`, before the stream of another publisher, which may have no picture. */
  awaitPublisher(): void {
    this.#videoTracks.clear();
    this.awaitKeyframe();
  }

  /** Nothing more will be pushed; what waits is still delivered. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** The next item, if one waits. */
  take(): FlvItem | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#first += 1;
    this.#bytes -= itemBytes(item);
    if (this.#first === this.#items.length) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first > 64 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /**
   * What waits by now, up to about `maxBytes`, so that it can be sent with one call of the system; waits for something
   * if need be. Nothing when the stream has ended and everything was delivered. One reader at a time.
   */
  async nextBatch(maxBytes = batchBytes): Promise<FlvItem[]> {
    while (this.#items.length === this.#first && !this.#ended) {
      await this.#changed.wait();
    }
    const enough = this.#bytes - maxBytes;
    const batch: FlvItem[] = [];
    do {
      const item = this.take();
      if (item === undefined) break;
      batch.push(item);
    } while (this.#bytes > enough);
    return batch;
  }

  #pushFrame(item: PacketItem): void {
    const { track, keyframe, trackId = 0, dts } = item.packet;
    if (track === 'video') {
      this.#videoTracks.add(trackId);
      if (keyframe) {
        this.#resume(dts);
        this.#decodable.add(trackId);
      } else if (!this.#decodable.has(trackId)) {
        this.#droppedFrames += 1;
        return;
      }
    } else if (this.#resyncing) {
      if (this.#videoTracks.size > 0) {
        this.#droppedFrames += 1;
        return;
      }
      // Without a picture, any frame of sound is a place to go on.
      this.#resume(dts);
    }
    this.#append(item);
  }

  /** Headers, and marks between frames. */
  #pushOther(item: FlvItem): void {
    if (item.type === 'packet' && item.packet.track === 'video') {
      this.#videoTracks.add(item.packet.trackId ?? 0);
    } else if (item.type === 'sequence-end' && item.track === 'video') {
      this.#videoTracks.delete(item.trackId);
    }
    if (this.#resyncing) this.#headers.see(item);
    else this.#append(item);
  }

  #append(item: FlvItem): void {
    this.#items.push(item);
    this.#bytes += itemBytes(item);
    this.#changed.notify();
  }

  #resume(time: number): void {
    if (!this.#resyncing) return;
    this.#resyncing = false;
    for (const header of this.#headers.items(time)) this.#append(header);
    this.#headers.clear();
  }

  #overflow(): void {
    for (let at = this.#first; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item === undefined) continue;
      if (item.type === 'packet' && item.packet.type === 'frame') this.#droppedFrames += 1;
      else this.#headers.see(item);
    }
    this.#items = [];
    this.#first = 0;
    this.#bytes = 0;
    this.awaitKeyframe();
  }
}
