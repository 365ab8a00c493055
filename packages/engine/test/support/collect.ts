import { writeFile } from 'node:fs/promises';
import { FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
import { CaptureFeed } from '../../src/broadcast/capture-feed.js';
import type { MediaSource } from '../../src/sources/media-source.js';

export async function collect(
  source: MediaSource,
  signal = new AbortController().signal,
): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = [];
  for await (const packet of source.packets(signal)) packets.push(packet);
  return packets;
}

/** Writes what a broadcast would send of a source to an FLV file. */
export async function recordSource(source: MediaSource, file: string): Promise<void> {
  const feed = new CaptureFeed({
    source,
    encoding: {
      width: 640,
      height: 360,
      fps: 30,
      videoBitrate: 1_000_000,
      audioBitrate: 128_000,
      keyframeInterval: 2,
    },
    encoder: 'test',
    onChange: () => undefined,
  });
  const muxer = new FlvMuxer({ hasAudio: source.hasAudio });
  const pieces: Uint8Array[] = [];
  for await (const packet of feed.packets(new AbortController().signal)) {
    if (pieces.length === 0) pieces.push(...muxer.header(feed.metadata()));
    pieces.push(...muxer.packet(packet));
  }
  await writeFile(file, Buffer.concat(pieces));
}
