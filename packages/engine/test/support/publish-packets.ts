import { readFile } from 'node:fs/promises';
import { EncodedPacketSink, FilePathSource, Input, ALL_FORMATS, type InputTrack } from 'mediabunny';
import {
  parseRtmpUrl,
  publish,
  type AudioCodec,
  type EncodedPacket,
  type VideoCodec,
} from 'node-rtmp-client';

/** RTMP has no time before zero, where Opus begins in a file. */
const startSeconds = 1;

const codecs: Readonly<Record<string, VideoCodec | AudioCodec>> = {
  ...{ avc: 'h264', hevc: 'hevc', av1: 'av1', aac: 'aac', opus: 'opus', flac: 'flac', mp3: 'mp3' },
};

/** Publishes the packets of a file as they are, at once: what ffmpeg itself sends of these codecs depends on its version. */
export async function publishPackets(
  file: string,
  serverUrl: string,
  streamKey: string,
): Promise<void> {
  const input = new Input({ source: new FilePathSource(file), formats: ALL_FORMATS });
  const packets = (
    await Promise.all((await input.getTracks()).map((track) => packetsOf(track, file)))
  ).flat();
  input.dispose();
  packets.sort((a, b) => a.dts - b.dts);
  const publisher = await publish({ address: parseRtmpUrl(serverUrl), streamKey });
  for (const packet of packets) await publisher.write(packet);
  await publisher.close();
}

async function packetsOf(track: InputTrack, file: string): Promise<EncodedPacket[]> {
  const codec = codecs[(await track.getCodec()) ?? ''];
  const config = track.isVideoTrack()
    ? await track.getDecoderConfig()
    : track.isAudioTrack() && (await track.getDecoderConfig());
  if (codec === undefined || !config) throw new Error('a track that is not understood');
  const packets: EncodedPacket[] = [];
  const add = (type: 'config' | 'frame', time: number, keyframe: boolean, payload: Uint8Array) =>
    packets.push({
      ...{ track: track.type, codec, type, keyframe, payload },
      ...{ pts: Math.round(time * 1e6), dts: Math.round(time * 1e6) },
    } as EncodedPacket);
  // What WebCodecs has no use for is in the file all the same.
  const description =
    codec === 'av1' ? await boxOf(file, 'av1C') : (config.description as ArrayBuffer | undefined);
  if (description) add('config', 0, true, new Uint8Array(Buffer.from(description as ArrayBuffer)));
  for await (const { timestamp, type, data } of new EncodedPacketSink(track).packets())
    add('frame', timestamp + startSeconds, type === 'key', data);
  return packets;
}

/** The contents of the first box of that name in an MP4 file. */
async function boxOf(file: string, name: string): Promise<Uint8Array> {
  const bytes = await readFile(file);
  const at = bytes.indexOf(name);
  return bytes.subarray(at + 4, at - 4 + bytes.readUInt32BE(at - 4));
}
