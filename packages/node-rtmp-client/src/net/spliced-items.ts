import { isDeepStrictEqual } from 'node:util';
import type { FlvItem, PacketItem } from '../flv/flv-item.js';
import { itemAt, shiftItem } from '../live/item-time.js';
import { isHeader, StreamHeaders, type HeaderItem } from '../live/stream-headers.js';
import type { Splice } from './stream-trail.js';

/** One stream out of what came of it over one connection after the other. */
export class SplicedItems {
  readonly #headers = new StreamHeaders();
  /** Decode time of the newest frame of each track, in microseconds. */
  readonly #delivered = new Map<string, number>();
  #splice: Splice | undefined;
  /** What had been delivered when the connection changed. */
  #before: ReadonlyMap<string, number> = new Map();
  /** The tracks that have gone on since. */
  readonly #begun = new Set<string>();

  /** What comes next is of another connection. */
  goOn(splice: Splice): void {
    this.#splice = splice;
    this.#before = new Map(this.#delivered);
    this.#begun.clear();
  }

  /** @returns the item as it is to be delivered; undefined where it was, or cannot be decoded. */
  take(item: FlvItem): FlvItem | undefined {
    const taken = this.#splice === undefined ? item : this.#spliced(item, this.#splice);
    if (taken === undefined) return undefined;
    this.#headers.see(taken);
    if (isFrame(taken)) this.#delivered.set(trackOf(taken), taken.packet.dts);
    return taken;
  }

  #spliced(item: FlvItem, splice: Splice): FlvItem | undefined {
    if (isFrame(item)) return this.#frame(item, splice);
    return isHeader(item) ? this.#news(item, splice.shift) : shiftItem(item, splice.shift);
  }

  #frame(item: PacketItem, { shift, from }: Splice): PacketItem | undefined {
    const track = trackOf(item);
    const { dts, keyframe } = item.packet;
    if (dts < (from ?? -Infinity)) return undefined;
    if (dts + shift <= (this.#before.get(track) ?? -Infinity)) return undefined;
    const isEntry = from === undefined || keyframe || this.#begun.has(track);
    if (!isEntry) return undefined;
    this.#begun.add(track);
    return shiftItem(item, shift);
  }

  /** A server says first what the other one said long ago: a player that heard it again would begin anew. */
  #news(header: HeaderItem, shift: number): HeaderItem | undefined {
    const known = this.#headers.like(header);
    if (known !== undefined && isDeepStrictEqual(itemAt(known, 0), itemAt(header, 0))) {
      return undefined;
    }
    if (this.#begun.size > 0 || this.#before.size === 0) return shiftItem(header, shift);
    return itemAt(header, Math.max(...this.#before.values()));
  }
}

const isFrame = (item: FlvItem): item is PacketItem =>
  item.type === 'packet' && item.packet.type === 'frame';

const trackOf = ({ packet: { track, trackId = 0 } }: PacketItem): string =>
  trackId === 0 ? track : `${track} ${trackId}`;
