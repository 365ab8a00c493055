import { isDeepStrictEqual } from 'node:util';
import type { FlvItem } from '../flv/flv-item.js';
import { itemAt, shiftItem, timeOf } from '../flv/item-time.js';
import { isHeader, StreamHeaders, type HeaderItem } from '../live/stream-headers.js';
import type { Splice } from './stream-trail.js';

/** Servers round times to milliseconds, each in its own way. Frames are further apart. Microseconds. */
const rounding = 1_000;

/** One stream out of what came of it over one connection after the other. */
export class SplicedItems {
  readonly #headers = new StreamHeaders();
  /** Time of the newest item of each track, in microseconds. */
  readonly #delivered = new Map<string, number>();
  #splice: Splice | undefined;
  /** What had been delivered when the connection changed. */
  #before: ReadonlyMap<string, number> = new Map();
  /** The tracks that have gone on since. What comes of them is passed on, whatever its time. */
  readonly #begun = new Set<string>();
  /** What has been said since of tracks that have not: a server begins with what the other one said long ago. */
  readonly #announced = new StreamHeaders();

  /** What comes next is of another connection. */
  resume(splice: Splice): void {
    this.#splice = splice;
    this.#before = new Map(this.#delivered);
    this.#begun.clear();
    this.#announced.clear();
  }

  /** @returns the item as it is to be delivered, after what has to be known before; nothing where it was delivered. */
  splice(item: FlvItem): readonly FlvItem[] {
    const taken = this.#splice === undefined ? [item] : this.#spliced(item, this.#splice);
    for (const each of taken) {
      this.#headers.see(each);
      const time = timeOf(each);
      if (time !== undefined && !isHeader(each)) this.#delivered.set(trackOf(each), time);
    }
    return taken;
  }

  #spliced(item: FlvItem, splice: Splice): readonly FlvItem[] {
    const track = trackOf(item);
    const hasBegun = item.type === 'metadata' ? this.#begun.size > 0 : this.#begun.has(track);
    const shifted = shiftItem(item, splice.shift);
    if (hasBegun) return [shifted];
    if (isHeader(item)) {
      this.#announced.put(item);
      return [];
    }
    if (!this.#isEntry(item, track, splice)) return [];
    this.#begun.add(track);
    return [...this.#news(track, timeOf(shifted)), shifted];
  }

  /** Whether a track can go on with `item`. */
  #isEntry(item: FlvItem, track: string, { shift, from }: Splice): boolean {
    if (!('packet' in item)) return false;
    const { dts, keyframe } = item.packet;
    const before = this.#before.get(track) ?? -Infinity;
    if (dts + shift <= before + rounding) return false;
    return from === undefined || (dts >= from && keyframe);
  }

  /** What was announced of a track, and differs from what was known: a player that heard it again would begin anew. */
  #news(track: string, time: number | undefined): HeaderItem[] {
    const isFirst = this.#begun.size === 1;
    return this.#announced.items(time).filter((header) => {
      const known = this.#headers.like(header);
      const isKnown = known !== undefined && isDeepStrictEqual(itemAt(known, 0), itemAt(header, 0));
      return !isKnown && (header.type === 'metadata' ? isFirst : trackOf(header) === track);
    });
  }
}

/** The track that an item belongs to; metadata are of none. */
function trackOf(item: FlvItem): string {
  switch (item.type) {
    case 'packet':
    case 'opaque':
      return nameOf(item.packet.track, item.packet.trackId);
    case 'metadata':
      return '';
    case 'color-info':
      return nameOf('video', item.trackId);
    case 'channel-layout':
      return nameOf('audio', item.trackId);
    case 'sequence-end':
      return nameOf(item.track, item.trackId);
    case 'video-command':
      return nameOf('video', 0);
  }
}

const nameOf = (track: 'video' | 'audio', trackId = 0): string =>
  trackId === 0 ? track : `${track} ${trackId}`;
