import type { FlvItem } from '../flv/flv-item.js';

/** How much larger than a payload the buffer that it is a view of may be. */
const maxWaste = 4;

/**
 * The item as it may be kept. A payload is a view of what the socket gave, up to 64 KiB that live as long as it does:
 * whoever counts payloads would keep far more than counted. So small ones are copied, and large ones left as they are.
 */
export function keptItem(item: FlvItem): FlvItem {
  if (!('packet' in item)) return item;
  const { payload } = item.packet;
  if (payload.length * maxWaste >= payload.buffer.byteLength) return item;
  const kept = new Uint8Array(payload);
  return item.type === 'packet'
    ? { type: 'packet', packet: { ...item.packet, payload: kept } }
    : { type: 'opaque', packet: { ...item.packet, payload: kept } };
}
