import type {
  ChannelLayoutItem,
  ColorInfoItem,
  FlvItem,
  MetadataItem,
  OpaqueItem,
  PacketItem,
} from '../flv/flv-item.js';
import type { MediaPacket } from '../flv/opaque-packet.js';
import { itemAt } from '../flv/item-time.js';

type TrackHeader = PacketItem | OpaqueItem | ColorInfoItem | ChannelLayoutItem;
export type HeaderItem = MetadataItem | TrackHeader;

/** More tracks than anybody sends, and more bytes than their configurations have: a publisher may make both up. */
const maxHeaders = 64;
const maxHeaderBytes = 1024 * 1024;

/** Whether a decoder has to know it before the frames that follow. */
export function isHeader(item: FlvItem): item is HeaderItem {
  switch (item.type) {
    case 'packet':
    case 'opaque':
      return item.packet.type === 'config';
    case 'metadata':
    case 'color-info':
    case 'channel-layout':
      return true;
    default:
      return false;
  }
}

/**
 * What a decoder has to know before it gets a frame: the metadata, and the configuration, colours and loudspeakers of
 * every track. Keeps the newest of each.
 */
export class StreamHeaders {
  #metadata: MetadataItem | undefined;
  readonly #ofTracks = new Map<string, TrackHeader>();
  #bytes = 0;

  put(item: HeaderItem): void {
    if (item.type === 'metadata') {
      this.#metadata = item;
      return;
    }
    const key = keyOf(item);
    const before = this.#ofTracks.get(key);
    const bytes = this.#bytes + bytesOf(item) - (before === undefined ? 0 : bytesOf(before));
    if (bytes > maxHeaderBytes) return;
    if (before === undefined && this.#ofTracks.size >= maxHeaders) return;
    this.#ofTracks.set(key, item);
    this.#bytes = bytes;
  }

  /** Takes what is a header, and forgets what was said of a track that ends. */
  see(item: FlvItem): void {
    if (item.type === 'sequence-end') this.#endTrack(item.track, item.trackId);
    else if (isHeader(item)) this.put(item);
  }

  /** The configuration that frames of the same track as `packet` have now. */
  configLike(packet: MediaPacket): MediaPacket | undefined {
    const item = this.#ofTracks.get(configKey(packet));
    return item !== undefined && 'packet' in item ? item.packet : undefined;
  }

  /** What is known in the place of `item`. */
  like(item: HeaderItem): HeaderItem | undefined {
    return item.type === 'metadata' ? this.#metadata : this.#ofTracks.get(keyOf(item));
  }

  get metadata(): MetadataItem | undefined {
    return this.#metadata;
  }

  /**
   * All of them, the metadata first, as if they had come at `time` (microseconds; undefined leaves their own): a player
   * that is shown their first time, days ago, takes the frames after them for a jump.
   */
  items(time: number | undefined): HeaderItem[] {
    const ofTracks = [...this.#ofTracks.values()].map((item) =>
      time === undefined ? item : itemAt(item, time),
    );
    return this.#metadata === undefined ? ofTracks : [this.#metadata, ...ofTracks];
  }

  clear(): void {
    this.#metadata = undefined;
    this.#ofTracks.clear();
    this.#bytes = 0;
  }

  #endTrack(track: 'video' | 'audio', trackId: number): void {
    for (const [key, item] of this.#ofTracks) {
      if (trackOf(item) !== track || trackIdOf(item) !== trackId) continue;
      this.#ofTracks.delete(key);
      this.#bytes -= bytesOf(item);
    }
  }
}

const bytesOf = (item: TrackHeader): number =>
  'packet' in item ? item.packet.payload.byteLength : 0;

const trackOf = (item: TrackHeader): 'video' | 'audio' =>
  'packet' in item ? item.packet.track : item.type === 'color-info' ? 'video' : 'audio';
const trackIdOf = (item: TrackHeader): number =>
  'packet' in item ? (item.packet.trackId ?? 0) : item.trackId;

const configKey = ({ track, trackId = 0 }: MediaPacket): string => `config ${track} ${trackId}`;
const keyOf = (item: TrackHeader): string =>
  'packet' in item ? configKey(item.packet) : `${item.type} ${item.trackId}`;
