import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { clip } from '../../../test/support/media.js';
import type { EncodedPacket, VideoCodec } from '../src/index.js';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

/** A packet, and where its payload stands in the file; absent where the file says it in other bytes. */
interface PlacedPacket {
  readonly packet: EncodedPacket;
  readonly position?: number;
}

export interface EnhancedClip {
  readonly file: string;
  readonly packets: readonly PlacedPacket[];
}

const encoders = {
  hevc: ['libx265', '-x265-params', 'log-level=none'],
  av1: ['libsvtav1', '-preset', '12'],
  vp9: ['libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
} as const;
const configurationBoxes = { hevc: 'hvcC', av1: 'av1C', vp9: 'vpcC' } as const;

export type EnhancedCodec = VideoCodec & keyof typeof encoders;

/**
 * Three seconds of a codec that only Enhanced RTMP has, with Opus. MP4, since the ffmpeg of Debian 12 does not write such
 * FLV; its samples are what a tag carries, and ffprobe says where they stand.
 */
export async function makeEnhancedClip(
  folder: string,
  codec: EnhancedCodec,
): Promise<EnhancedClip> {
  const file = `${folder}/${codec}.mp4`;
  await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-t', '3', '-i', await clip(folder), '-vf', 'scale=640:360', '-g', '30'],
      ...['-c:v', ...encoders[codec], '-c:a', 'libopus', '-y', file],
    ],
    { env: { ...process.env, SVT_LOG: '0' } },
  );
  const bytes = await readFile(file);
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-of', 'json', '-show_entries'],
      'packet=codec_type,pts_time,dts_time,pos,size,flags',
      file,
    ],
    { maxBuffer },
  );
  const { packets: probed } = JSON.parse(stdout) as {
    packets: Record<'codec_type' | 'pts_time' | 'dts_time' | 'pos' | 'size' | 'flags', string>[];
  };
  const start = Math.min(...probed.map((packet) => Number(packet.dts_time)));
  const microseconds = (time: string): number => Math.round((Number(time) - start) * 1e6);
  const frames = probed.map((each): PlacedPacket => {
    const position = Number(each.pos);
    const timed = {
      type: 'frame' as const,
      pts: microseconds(each.pts_time),
      dts: microseconds(each.dts_time),
      payload: Uint8Array.from(bytes.subarray(position, position + Number(each.size))),
    };
    const packet: EncodedPacket =
      each.codec_type === 'video'
        ? { ...timed, track: 'video', codec, keyframe: each.flags.startsWith('K') }
        : { ...timed, track: 'audio', codec: 'opus', keyframe: true };
    return { packet, position };
  });
  const packets = [
    videoConfiguration(bytes, codec),
    opusConfiguration(bytes),
    ...frames.sort((a, b) => a.packet.dts - b.packet.dts),
  ];
  return { file, packets };
}

function contentOf(bytes: Buffer, box: string): { position: number; content: Buffer } {
  const at = bytes.indexOf(box, 0, 'latin1');
  const position = at + 4;
  return { position, content: bytes.subarray(position, at - 4 + bytes.readUInt32BE(at - 4)) };
}

const configuration = { type: 'config', keyframe: true, pts: 0, dts: 0 } as const;

function videoConfiguration(bytes: Buffer, codec: EnhancedCodec): PlacedPacket {
  const { position, content } = contentOf(bytes, configurationBoxes[codec]);
  const payload = Uint8Array.from(content);
  return { packet: { ...configuration, track: 'video', codec, payload }, position };
}

/** The box says big-endian what the ID header of RFC 7845 §5.1 says little-endian. */
function opusConfiguration(bytes: Buffer): PlacedPacket {
  const { content } = contentOf(bytes, 'dOps');
  const header = Buffer.alloc(19);
  header.write('OpusHead', 'latin1');
  header.writeUInt8(1, 8);
  header.writeUInt8(content.readUInt8(1), 9);
  header.writeUInt16LE(content.readUInt16BE(2), 10);
  header.writeUInt32LE(content.readUInt32BE(4), 12);
  header.writeInt16LE(content.readInt16BE(8), 16);
  const payload = Uint8Array.from(header);
  return { packet: { ...configuration, track: 'audio', codec: 'opus', payload } };
}

/** Writes the clip anew with the payloads that have come, so that only they can make it decode. */
export async function rebuild(
  { file, packets }: EnhancedClip,
  came: readonly EncodedPacket[],
  target: string,
): Promise<void> {
  const bytes = await readFile(file);
  const placed = packets.filter((each) => each.position !== undefined);
  for (const { packet, position } of placed) {
    bytes.fill(0, position, (position ?? 0) + packet.payload.length);
  }
  const rest = [...came];
  for (const { packet, position } of packets) {
    const next = rest.findIndex((each) => each.track === packet.track && each.type === packet.type);
    const [taken] = next < 0 ? [] : rest.splice(next, 1);
    if (taken === undefined || position === undefined) continue;
    bytes.set(taken.payload.subarray(0, packet.payload.length), position);
  }
  await writeFile(target, bytes);
}
