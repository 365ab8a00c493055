import type { AmfObject } from '../amf/amf-value.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';

/** What a receiver that comes later must be told before the next keyframe: metadata, and what each track said last. */
export class StreamHeaders {
  #metadata: AmfObject | undefined;
  /** In the order in which they were first said. */
  readonly #items = new Map<string, Exclude<FlvItem, { type: 'metadata' }>>();

  onMetadata(value: AmfObject): void {
    this.#metadata = value;
  }

  /** @param packet a configuration. */
  onConfig(packet: EncodedPacket): void {
    this.#items.set(keyOf('config', packet.track, packet.trackId), { type: 'packet', packet });
  }

  onItem(item: FlvItem): void {
    switch (item.type) {
      case 'metadata':
        this.onMetadata(item.value);
        return;
      case 'packet':
        if (item.packet.type === 'config') this.onConfig(item.packet);
        return;
      case 'color-info':
        this.#items.set(keyOf(item.type, 'video', item.trackId), item);
        return;
      case 'channel-layout':
        this.#items.set(keyOf(item.type, 'audio', item.trackId), item);
        return;
      case 'sequence-end':
        for (const type of ['config', 'color-info', 'channel-layout'] as const) {
          this.#items.delete(keyOf(type, item.track, item.trackId));
        }
        return;
      case 'video-command':
        return;
    }
  }

  /** All of it, as of `dts` (µs). */
  at(dts: number): FlvItem[] {
    const items = [...this.#items.values()].map((item): FlvItem =>
      item.type === 'packet'
        ? { type: 'packet', packet: { ...item.packet, dts, pts: dts } }
        : { ...item, timestamp: dts },
    );
    if (this.#metadata !== undefined) items.unshift({ type: 'metadata', value: this.#metadata });
    return items;
  }
}

const keyOf = (
  type: 'config' | 'color-info' | 'channel-layout',
  track: 'video' | 'audio',
  trackId = 0,
): string => `${type} ${track} ${trackId}`;
