import type { FlvItem } from '../flv/flv-item.js';

/** How much larger than a payload the buffer that it is a view of may be. */
const maxWaste = 4;

/**
 * The item as it may be kept. A payload is a view of what the socket gave, up to 64 KiB that live as long as it does:
 * whoever counts payloads would keep far more than counted. So small ones are copied, and large ones left as they are.
 */
export function keptItem(item: FlvItem): FlvItem {
  if (item.type !== 'packet') return item;
  const { payload } = item.packet;
  if (payload.length * maxWaste >= payload.buffer.byteLength) return item;
  return { ...item, packet: { ...item.packet, payload: new Uint8Array(payload) } };
}
