import type { FlvItem } from '../flv/flv-item.js';

/** Decode time of an item in microseconds; undefined for metadata, which has none. */
export function timeOf(item: FlvItem): number | undefined {
  switch (item.type) {
    case 'packet':
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
    case 'packet': {
      const { packet } = item;
      return { ...item, packet: { ...packet, pts: packet.pts + by, dts: packet.dts + by } };
    }
    case 'metadata':
      return item;
    default:
      return { ...item, timestamp: item.timestamp + by };
  }
}

/** The same item, at `time` in microseconds. */
export const itemAt = <T extends FlvItem>(item: T, time: number): T =>
  shiftItem(item, time - (timeOf(item) ?? time));
