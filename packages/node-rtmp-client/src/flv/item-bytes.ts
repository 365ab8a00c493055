import { amfWeight } from '../amf/amf-weight.js';
import type { FlvItem } from './flv-item.js';

/** An empty object, which has four bytes on the wire, takes so much memory. */
const bytesPerValue = 200;
/** Whatever is more than that has no place in any queue. */
const most = 1 << 28;
/** Many queues ask for the same values. */
const known = new WeakMap<object, number>();

/** About how much memory an item holds on to beyond itself: that of its payload, or of its values. */
export function itemBytes(item: FlvItem): number {
  if ('packet' in item) return item.packet.payload.byteLength;
  if (!('value' in item)) return 0;
  const before = known.get(item.value);
  if (before !== undefined) return before;
  const bytes = Math.min(most, Math.ceil((amfWeight(item.value) - 1) * bytesPerValue));
  known.set(item.value, bytes);
  return bytes;
}
