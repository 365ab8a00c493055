import type { VideoPacket } from './encoded-packet.js';
import type { FlvItem } from './flv-item.js';
import { iterateLengthPrefixed, joinLengthPrefixed } from './nal-units.js';

/** Offset of the byte of a decoder configuration whose low two bits hold `lengthSizeMinusOne`. */
const lengthSizeAt = { h264: 4, hevc: 21 } as const;

/**
 * Brings the H.264 and HEVC of one stream to the four-byte NAL unit lengths that {@link EncodedPacket} promises: files
 * may have shorter ones. What has four already is handed on as it is.
 */
export class NalLengthWidener {
  /** By track; only where it is not 4. */
  readonly #lengthSizes = new Map<number, number>();

  /** Each packet of picture among the items, as {@link widen} has it. */
  widenItems(items: FlvItem[]): FlvItem[] {
    for (const [index, item] of items.entries()) {
      if (item.type !== 'packet' || item.packet.track !== 'video') continue;
      const packet = this.widen(item.packet);
      if (packet !== item.packet) items[index] = { type: 'packet', packet };
    }
    return items;
  }

  /** @throws MalformedError when a length points past the end of its frame. */
  widen(packet: VideoPacket): VideoPacket {
    if (packet.type === 'config') return this.#widenConfig(packet);
    if (this.#lengthSizes.size === 0) return packet;
    const lengthSize = this.#lengthSizes.get(packet.trackId ?? 0);
    if (lengthSize === undefined) return packet;
    const units = iterateLengthPrefixed(packet.payload, lengthSize);
    return { ...packet, payload: joinLengthPrefixed(units) };
  }

  #widenConfig(packet: VideoPacket): VideoPacket {
    const { codec, trackId = 0 } = packet;
    this.#lengthSizes.delete(trackId);
    if (codec !== 'h264' && codec !== 'hevc') return packet;
    const at = lengthSizeAt[codec];
    const field = packet.payload[at] ?? 0xff;
    if ((field & 3) === 3) return packet;
    this.#lengthSizes.set(trackId, (field & 3) + 1);
    const payload = Uint8Array.from(packet.payload);
    payload[at] = field | 3;
    return { ...packet, payload };
  }
}
