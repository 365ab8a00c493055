import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { FlvDemuxer, FlvMuxer, type EncodedPacket, type VideoPacket } from 'node-rtmp-client';
import { makeOddFile, type OddFileName } from './odd-files.js';

/** FLV that this ffmpeg cannot write, or whose times it would change, made by the library. */
const recipes = {
  'hevc.flv': (folder: string) => fromMp4(folder, 'hevc.mp4', 'hevc', 'hvcC'),
  'av1.flv': (folder: string) => fromMp4(folder, 'av1.mp4', 'av1', 'av1C'),
  'sound-only.flv': (folder: string) =>
    edited(folder, 'plain.flv', (packets) => packets.filter(({ track }) => track === 'audio')),
  'shown-before-decoded.flv': (folder: string) =>
    edited(folder, 'plain.flv', (packets) =>
      packets.map((packet) =>
        packet.track === 'video' && packet.type === 'frame'
          ? { ...packet, pts: packet.pts - 90_000 }
          : packet,
      ),
    ),
  'changing.flv': async (folder: string) => [
    ...(await readPackets(await makeOddFile(folder, 'plain.flv'))),
    ...(await readPackets(await makeOddFile(folder, 'larger.flv'))).map((packet) => ({
      ...packet,
      pts: packet.pts + 1_100_000,
      dts: packet.dts + 1_100_000,
    })),
  ],
} as const;

export type OddFlvName = keyof typeof recipes;

/** Makes an odd FLV file. @returns its path. */
export async function makeOddFlv(folder: string, name: OddFlvName): Promise<string> {
  const packets: readonly EncodedPacket[] = await recipes[name](folder);
  const muxer = new FlvMuxer();
  const path = join(folder, name);
  const parts = [...muxer.header(), ...packets.flatMap((packet) => muxer.packet(packet))];
  await writeFile(path, Buffer.concat(parts));
  return path;
}

export const readPackets = async (file: string): Promise<EncodedPacket[]> =>
  new FlvDemuxer()
    .push(await readFile(file))
    .flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

/** What must arrive of a packet as it was sent. */
export const essence = ({ track, type, codec, keyframe, dts, pts, payload }: EncodedPacket) => ({
  ...{ track, type, codec, keyframe, dts, pts },
  payload: createHash('sha256').update(payload).digest('hex'),
});

async function edited(
  folder: string,
  name: OddFileName,
  edit: (packets: EncodedPacket[]) => EncodedPacket[],
): Promise<EncodedPacket[]> {
  return edit(await readPackets(await makeOddFile(folder, name)));
}

/** The picture of an MP4, whose configuration is in the box of that name. */
async function fromMp4(
  folder: string,
  name: OddFileName,
  codec: VideoPacket['codec'],
  box: string,
): Promise<EncodedPacket[]> {
  const bytes = await readFile(await makeOddFile(folder, name));
  const at = bytes.indexOf(box);
  const length = bytes.readUInt32BE(at - 4) - 8;
  const video = { track: 'video', codec } as const;
  const payload = bytes.subarray(at + 4, at + 4 + length);
  const packets: EncodedPacket[] = [
    { ...video, type: 'config', keyframe: true, pts: 0, dts: 0, payload },
  ];
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error(`${name} has no picture`);
  for await (const { data, type, timestamp } of new EncodedPacketSink(track).packets()) {
    const time = Math.round(timestamp * 1000) * 1000;
    const frame = { ...video, type: 'frame', keyframe: type === 'key' } as const;
    packets.push({ ...frame, pts: time, dts: time, payload: data });
  }
  return packets;
}
