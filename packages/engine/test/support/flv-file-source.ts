import { readFile } from 'node:fs/promises';
import { FlvDemuxer } from 'node-rtmp-client';
import type { MediaSource } from '../../src/sources/media-source.js';

/** Plays an FLV file at its own pace, over and over where `loops` is more than one. */
export async function flvFileSource(file: string, loops = 1): Promise<MediaSource> {
  const packets = new FlvDemuxer()
    .push(await readFile(file))
    .flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
  const lengthUs = Math.max(...packets.map(({ dts }) => dts)) + 40_000;
  return {
    name: 'FLV file',
    hasAudio: packets.some(({ track }) => track === 'audio'),
    status: { droppedFrames: 0 },
    async *packets(signal) {
      const startedAt = performance.now();
      for (let loop = 0; loop < loops; loop += 1) {
        const offset = loop * lengthUs;
        for (const packet of packets) {
          if (signal.aborted) return;
          const moved = { ...packet, dts: packet.dts + offset, pts: packet.pts + offset };
          const aheadMs = moved.dts / 1000 - (performance.now() - startedAt);
          if (aheadMs > 5) await new Promise((resolve) => setTimeout(resolve, aheadMs));
          yield moved;
        }
      }
    },
  };
}
