import type { FlvItem } from 'node-rtmp-client';

/** What one player may have waiting, in payload bytes; more than any group of pictures that a stream caches. */
const maxPlayerQueueBytes = 24 * 1024 * 1024;

/** Frames that may wait, however small they are. */
const maxPlayerQueueItems = 20_000;

type HeaderKind = 'metadata' | 'video' | 'audio';

/**
 * What one player still has to get. Bounded: a player that falls behind by more than the bound loses everything that
 * waits and goes on at the next keyframe, with whatever configuration it needs for it.
 */
export class PlayerQueue {
  #items: FlvItem[] = [];
  #bytes = 0;
  #frames = 0;
  #droppedFrames = 0;
  #hasVideo = false;
  #resyncing = false;
  #ended = false;
  /** The newest header of each kind that was dropped with the frames. */
  #headers = new Map<HeaderKind, FlvItem>();
  #wake: (() => void) | undefined;
  readonly #maxBytes: number;

  constructor(maxBytes = maxPlayerQueueBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Payload bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames of either track that the player never got. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  push(item: FlvItem): void {
    if (this.#ended) return;
    const kind = headerKind(item);
    if (item.type === 'packet' && item.packet.track === 'video') this.#hasVideo = true;
    if (this.#resyncing && !this.#resync(item)) {
      if (kind) this.#headers.set(kind, item);
      else this.#droppedFrames += 1;
      return;
    }
    this.#append(item);
    if (this.#bytes > this.#maxBytes || this.#items.length > maxPlayerQueueItems) this.#overflow();
  }

  /** Leaves out every frame until a keyframe comes. */
  awaitKeyframe(): void {
    this.#resyncing = true;
  }

  /** Nothing more will be pushed; what waits is still delivered. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The next item, or `undefined` when the stream has ended and everything was delivered. One reader at a time. */
  async next(): Promise<FlvItem | undefined> {
    while (this.#items.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const item = this.#items.shift();
    if (!item) return undefined;
    this.#bytes -= itemBytes(item);
    if (!headerKind(item)) this.#frames -= 1;
    return item;
  }

  #append(item: FlvItem): void {
    this.#items.push(item);
    this.#bytes += itemBytes(item);
    if (!headerKind(item)) this.#frames += 1;
    this.#wake?.();
  }

  #overflow(): void {
    for (const item of this.#items) {
      const kind = headerKind(item);
      if (kind) this.#headers.set(kind, item);
    }
    this.#droppedFrames += this.#frames;
    this.#items = [];
    this.#bytes = 0;
    this.#frames = 0;
    this.awaitKeyframe();
  }

  /** Goes on where a decoder can: at a keyframe, or at any frame of a stream that has no picture. */
  #resync(item: FlvItem): boolean {
    if (item.type !== 'packet' || item.packet.type === 'config') return false;
    const decodable = this.#hasVideo
      ? item.packet.track === 'video' && item.packet.keyframe
      : item.packet.track === 'audio';
    if (!decodable) return false;
    this.#resyncing = false;
    for (const kind of ['metadata', 'video', 'audio'] as const) {
      const header = this.#headers.get(kind);
      if (header) this.#append(header);
    }
    this.#headers.clear();
    return true;
  }
}

/** A header is what a decoder needs before a frame; `undefined` for a frame. */
function headerKind(item: FlvItem): HeaderKind | undefined {
  if (item.type === 'metadata') return 'metadata';
  return item.type === 'packet' && item.packet.type === 'config' ? item.packet.track : undefined;
}

const itemBytes = (item: FlvItem): number =>
  item.type === 'packet' ? item.packet.payload.byteLength : 0;
