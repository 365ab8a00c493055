import type { FlvItem } from './flv-item.js';
import type { MediaPacket } from './opaque-packet.js';

/** Decode time of an item in microseconds; undefined for metadata, which has none. */
export function timeOf(item: FlvItem): number | undefined {
  switch (item.type) {
    case 'packet':
    case 'opaque':
      return item.packet.dts;
    case 'metadata':
      return undefined;
    default:
      return item.timestamp;
  }
}

/** The same item, `by` microseconds later. */
export function shiftItem<T extends FlvItem>(item: T, by: number): T;
export function shiftItem(item: FlvItem, by: number): FlvItem {
  switch (item.type) {
    case 'packet':
      return { type: 'packet', packet: later(item.packet, by) };
    case 'opaque':
      return { type: 'opaque', packet: later(item.packet, by) };
    case 'metadata':
      return item;
    default:
      return { ...item, timestamp: item.timestamp + by };
  }
}

/** The same item, at `time` in microseconds. */
export const itemAt = <T extends FlvItem>(item: T, time: number): T =>
  shiftItem(item, time - (timeOf(item) ?? time));

const later = <P extends MediaPacket>(packet: P, by: number): P => ({
  ...packet,
  pts: packet.pts + by,
  dts: packet.dts + by,
});
