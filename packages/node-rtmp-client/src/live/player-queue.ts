import { Notifier } from '../async/notifier.js';
import type { FlvItem, OpaqueItem, PacketItem } from '../flv/flv-item.js';
import { itemBytes } from '../flv/item-bytes.js';
import { KeyframeGate } from './keyframe-gate.js';
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
  readonly #gate = new KeyframeGate();
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

  /** The next item of the stream; may drop it, or what waits, when there is too much. */
  push(item: FlvItem): void {
    this.add(item);
    this.wake();
  }

  /** As `push`, but whoever waits for something is not told before `wake`. */
  add(item: FlvItem): void {
    if (this.#ended) return;
    const bytes = itemBytes(item);
    const isFull =
      this.#bytes + bytes > this.#maxBytes || this.#items.length - this.#first >= maxItems;
    if (isFull) this.#overflow();
    if (bytes > this.#maxBytes) this.#droppedFrames += isFrame(item) ? 1 : 0;
    else if (isFrame(item)) this.#pushFrame(item);
    else this.#pushOther(item);
  }

  /** Lets the reader have what was added. */
  wake(): void {
    if (this.#items.length > this.#first) this.#changed.notify();
  }

  /** Leaves out every frame until a keyframe comes. What waits is still delivered. */
  awaitKeyframe(): void {
    this.#gate.close('waits');
  }

  /** As `awaitKeyframe`, before the stream of another publisher, which may have no picture. */
  awaitPublisher(): void {
    this.#gate.removeVideoTracks();
    this.awaitKeyframe();
  }

  /** Nothing more will be pushed; what waits is still delivered. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** The next item, if one waits. */
  shift(): FlvItem | undefined {
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
      const item = this.shift();
      if (item === undefined) break;
      batch.push(item);
    } while (this.#bytes > enough);
    return batch;
  }

  #pushFrame(item: PacketItem | OpaqueItem): void {
    const wasWaiting = this.#gate.isWaiting;
    if (!this.#gate.passes(item.packet)) {
      this.#droppedFrames += 1;
      return;
    }
    if (wasWaiting) this.#repeatHeaders(item.packet.dts);
    this.#append(item);
  }

  /** Headers, and marks between frames. */
  #pushOther(item: FlvItem): void {
    if ('packet' in item && item.packet.track === 'video') {
      this.#gate.addVideoTrack(item.packet.trackId ?? 0);
    } else if (item.type === 'sequence-end' && item.track === 'video') {
      this.#gate.removeVideoTrack(item.trackId);
    }
    if (this.#gate.isWaiting) this.#headers.see(item);
    else this.#append(item);
  }

  #append(item: FlvItem): void {
    this.#items.push(item);
    this.#bytes += itemBytes(item);
  }

  /** What was left out and is needed, as of the frame with which it goes on. */
  #repeatHeaders(time: number): void {
    for (const header of this.#headers.items(time)) this.#append(header);
    this.#headers.clear();
  }

  #overflow(): void {
    for (let at = this.#first; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item === undefined) continue;
      if (isFrame(item)) this.#droppedFrames += 1;
      else this.#headers.see(item);
    }
    this.#items = [];
    this.#first = 0;
    this.#bytes = 0;
    this.awaitKeyframe();
  }
}

const isFrame = (item: FlvItem): item is PacketItem | OpaqueItem =>
  'packet' in item && item.packet.type === 'frame';
