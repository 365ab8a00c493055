import { writeFile } from 'node:fs/promises';
import { FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
import { SourceFeed } from '../../src/broadcast/source-feed.js';
import { flvMetadata } from '../../src/outputs/flv-metadata.js';
import { MillisecondClock } from '../../src/outputs/millisecond-clock.js';
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
  const feed = new SourceFeed({
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
  const clock = new MillisecondClock();
  const muxer = new FlvMuxer({ hasAudio: source.hasAudio });
  const pieces: Uint8Array[] = [];
  for await (const packet of feed.packets(new AbortController().signal)) {
    if (pieces.length === 0) pieces.push(...muxer.header(flvMetadata(feed.description)));
    pieces.push(...muxer.packet(clock.round(packet)));
  }
  await writeFile(file, Buffer.concat(pieces));
}
