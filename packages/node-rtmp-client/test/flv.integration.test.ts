import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clip, decodeErrors } from '../../../test/support/media.js';
import {
  FlvDemuxer,
  FlvMuxer,
  isDisposablePicture,
  parseAudioSpecificConfig,
  parseAvcDecoderConfiguration,
  type EncodedPacket,
  type FlvItem,
} from '../src/index.js';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;

let folder: string;
let written: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flv-'));
  written = join(folder, 'by-ffmpeg.flv');
  const source = await clip(folder);
  await run('ffmpeg', ['-v', 'error', '-i', source, '-t', '3', '-c', 'copy', written]);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function demux(file: string, pieceLength: () => number): Promise<FlvItem[]> {
  const bytes = await readFile(file);
  const demuxer = new FlvDemuxer();
  const items: FlvItem[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + pieceLength();
    items.push(...demuxer.push(bytes.subarray(at, end)));
    at = end;
  }
  demuxer.end();
  return items;
}

const packetsOf = (items: FlvItem[]): EncodedPacket[] =>
  items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

/** `track dts pts size key` of each frame, as ffprobe sees them. */
async function probedPackets(file: string): Promise<string[]> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-show_entries', 'packet=codec_type,pts,dts,size,flags', '-of', 'json'],
      file,
    ],
    { maxBuffer },
  );
  const { packets } = JSON.parse(stdout) as {
    packets: { codec_type: string; pts: number; dts: number; size: string; flags: string }[];
  };
  return packets.map(
    ({ codec_type, pts, dts, size, flags }) =>
      `${codec_type} ${dts} ${pts} ${size} ${flags.includes('K')}`,
  );
}

const describePacket = ({ track, dts, pts, payload, keyframe }: EncodedPacket): string =>
  `${track} ${dts / 1000} ${pts / 1000} ${payload.length} ${keyframe}`;

/** A packet in a line; comparing payloads byte by byte would take minutes. */
const fingerprint = (packet: EncodedPacket): string =>
  `${packet.type} ${describePacket(packet)} ${createHash('sha1').update(packet.payload).digest('hex')}`;

async function pictureAndSoundHashes(file: string): Promise<string> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-map', '0:a', '-f', 'streamhash', '-'];
  return (await run('ffmpeg', args)).stdout;
}

describe('FLV that ffmpeg wrote from real footage', () => {
  it('yields what ffprobe finds in it, whatever the cut', async () => {
    const expected = await probedPackets(written);
    expect(expected.some((line) => line.startsWith('video') && line.endsWith('false'))).toBe(true);
    for (const [first, second] of [
      [65_536, 65_536],
      [1_000, 1_000],
      [7, 4_099],
    ] as const) {
      let turn = 0;
      const items = await demux(written, () => (turn++ % 2 === 0 ? first : second));
      const frames = packetsOf(items).filter((packet) => packet.type === 'frame');
      expect(frames.map(describePacket)).toEqual(expected);
    }
  });

  it('begins with metadata and two configurations that can be read', async () => {
    const items = await demux(written, () => 65_536);
    expect(items[0]).toMatchObject({ type: 'metadata', value: { width: 1280, height: 720 } });
    const configs = packetsOf(items).filter((packet) => packet.type === 'config');
    const video = configs.find((packet) => packet.track === 'video');
    const audio = configs.find((packet) => packet.track === 'audio');
    if (!video || !audio) throw new Error('a configuration is missing');
    expect(parseAvcDecoderConfiguration(video.payload)).toMatchObject({
      nalLengthSize: 4,
      width: 1280,
      height: 720,
    });
    expect(parseAudioSpecificConfig(audio.payload).sampleRate).toBe(48_000);
  });

  it('is written again so that every picture and sound is the same', async () => {
    const items = await demux(written, () => 65_536);
    const muxer = new FlvMuxer();
    const pieces = items.flatMap((item) =>
      item.type === 'metadata' ? muxer.header(item.value) : muxer.item(item),
    );
    const again = join(folder, 'by-us.flv');
    await writeFile(again, Buffer.concat(pieces));
    expect(await decodeErrors(again)).toBe('');
    expect(await probedPackets(again)).toEqual(await probedPackets(written));
    expect(await pictureAndSoundHashes(again)).toBe(await pictureAndSoundHashes(written));
  });
});

/** What every picture decodes to, by its time in milliseconds. */
async function pictures(file: string): Promise<Map<number, string>> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough'];
  const { stdout, stderr } = await run('ffmpeg', [...args, '-f', 'framehash', '-'], { maxBuffer });
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => line.startsWith('0,'));
  return new Map(lines.map((line) => [Number(line.split(',')[2]), line.split(',').at(-1) ?? '']));
}

it.each(['none', 'normal'])(
  'without the pictures that no other is decoded from, all others decode to the same (B-pyramid %s)',
  async (pyramid) => {
    const file = join(folder, 'b-frames.flv');
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-i', written, '-an', '-vf', 'scale=320:-2', '-c:v', 'libx264'],
      ...['-preset', 'medium', '-bf', '3', '-x264-params', `b-pyramid=${pyramid}:b-adapt=0`, file],
    ]);
    const all = packetsOf(await demux(file, () => 65_536));
    const kept = all.filter(
      (packet) =>
        packet.track !== 'video' ||
        packet.type === 'config' ||
        !isDisposablePicture(packet.codec, packet.payload),
    );
    const ratio = kept.length / all.length;
    // One in four is a P-frame; with a pyramid one of the three between is referred to.
    expect(ratio).toBeGreaterThan(pyramid === 'none' ? 0.2 : 0.4);
    expect(ratio).toBeLessThan(pyramid === 'none' ? 0.4 : 0.6);
    const muxer = new FlvMuxer();
    const less = join(folder, 'without-b-frames.flv');
    const pieces = [...muxer.header({}), ...kept.flatMap((packet) => muxer.packet(packet))];
    await writeFile(less, Buffer.concat(pieces));
    const [before, after] = [await pictures(file), await pictures(less)];
    expect(after.size).toBe(kept.filter(({ type }) => type === 'frame').length);
    for (const [time, hash] of after) expect(hash).toBe(before.get(time));
  },
);

describe('FLV late in a long broadcast', () => {
  it.each([
    ['across 24 bits', 0xffffff - 1_000],
    ['beyond', 0x1_0000_0000 / 4],
  ])('keeps time %s', async (_, startMs) => {
    const items = await demux(written, () => 65_536);
    const muxer = new FlvMuxer();
    const shifted = packetsOf(items).map((packet) => ({
      ...packet,
      pts: packet.pts + startMs * 1000,
      dts: packet.dts + startMs * 1000,
    }));
    const file = join(folder, 'late.flv');
    const pieces = [...muxer.header({}), ...shifted.flatMap((packet) => muxer.packet(packet))];
    await writeFile(file, Buffer.concat(pieces));
    const frames = shifted.filter((packet) => packet.type === 'frame');
    expect(await probedPackets(file)).toEqual(frames.map(describePacket));
    const read = packetsOf(await demux(file, () => 4_096));
    expect(read.map(fingerprint)).toEqual(shifted.map(fingerprint));
  });
});
