import type { AudioPacket, VideoPacket } from '../../src/flv/encoded-packet.js';
import type { FlvItem, PacketItem } from '../../src/flv/flv-item.js';

/** Items for tests; times in microseconds, as small as they are. */
export const videoItem = (packet: Partial<VideoPacket>, bytes = 4): PacketItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: false },
    ...{ pts: packet.dts ?? 0, dts: 0, payload: new Uint8Array(bytes) },
    ...packet,
  },
});

/** AAC-LC, 48 kHz, stereo, if it is a configuration. */
export const audioItem = (packet: Partial<AudioPacket>): PacketItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true },
    ...{ pts: packet.dts ?? 0, dts: 0, payload: Uint8Array.of(0x11, 0x90) },
    ...packet,
  },
});

export const key = (dts: number, bytes = 10, trackId = 0): PacketItem =>
  videoItem({ keyframe: true, dts, ...(trackId > 0 && { trackId }) }, bytes);
export const delta = (dts: number, bytes = 10, trackId = 0): PacketItem =>
  videoItem({ dts, ...(trackId > 0 && { trackId }) }, bytes);
export const sound = (dts: number): PacketItem => audioItem({ dts });
export const videoConfig = (dts: number, bytes = 1, trackId = 0): PacketItem =>
  videoItem({ type: 'config', keyframe: true, dts, ...(trackId > 0 && { trackId }) }, bytes);
export const audioConfig = (dts: number): PacketItem => audioItem({ type: 'config', dts });

/** The item as it comes off a socket: its payload is a view of the whole of what was read at once. */
export const offSocket = (item: PacketItem, readBytes = 64 * 1024): PacketItem => {
  const read = new Uint8Array(readBytes);
  read.set(item.packet.payload, 12);
  const payload = read.subarray(12, 12 + item.packet.payload.length);
  return { type: 'packet', packet: { ...item.packet, payload } };
};

/** Bytes of memory that live as long as the items do. */
export function backingBytes(items: readonly FlvItem[]): number {
  const buffers = new Set(
    items.flatMap((item) => (item.type === 'packet' ? [item.packet.payload.buffer] : [])),
  );
  return [...buffers].reduce((bytes, buffer) => bytes + buffer.byteLength, 0);
}
