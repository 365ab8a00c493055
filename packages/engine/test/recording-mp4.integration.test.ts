import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FlvDemuxer, type EncodedPacket } from 'node-rtmp-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeErrors, probe } from '../../../test/support/media.js';
import type { StreamDescription } from '../src/outputs/stream-description.js';
import { Recorder } from '../src/outputs/recording/recorder.js';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-mp4-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Packets as an encoder gives them: B-frames, sound beside. */
async function encoded(size: string, codec = 'libx264', sound = 'aac'): Promise<EncodedPacket[]> {
  const file = join(folder, `${size}-${codec}-${sound}.flv`);
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=30:duration=4`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=4', '-c:v', codec],
    ...[
      '-bf',
      '2',
      '-g',
      '30',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      sound,
      '-ac',
      '2',
      '-f',
      'flv',
      file,
    ],
  ]);
  const demuxer = new FlvDemuxer();
  const items = demuxer.push(await readFile(file));
  return items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
}

const describe = (codec: 'h264' | 'vp9'): StreamDescription => ({
  video: { codec, width: 320, height: 180 },
  audio: { codec: 'aac' },
  hasAudio: true,
  encoder: 'Tallylight/test',
});

function record(name: string, packets: readonly EncodedPacket[]): Recorder {
  const recorder = new Recorder({ id: name, path: join(folder, name) });
  recorder.open({ onChange: () => undefined, requestKeyframe: () => undefined });
  recorder.start(describe('h264'));
  for (const packet of packets) recorder.push(packet);
  return recorder;
}

/** `track pts dts size` of each packet in microseconds, as ffprobe finds them. */
async function probed(file: string): Promise<string[]> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'packet=codec_type,pts_time,dts_time,size'],
    ...['-of', 'csv=p=0', file],
  ]);
  return stdout.trim().split('\n').sort();
}

const shifted = (packets: readonly EncodedPacket[], us: number): EncodedPacket[] =>
  packets.map((packet) => ({ ...packet, pts: packet.pts + us, dts: packet.dts + us }));

it('an MP4 holds every picture and sound with its time, and decodes', async () => {
  const packets = await encoded('320x180');
  // It joins a broadcast that has been on for an hour: the file begins at its beginning all the same. The odd
  // microseconds are kept.
  const recorder = record('show.mp4', shifted(packets, 3_600_000_123));
  await recorder.finish();
  const file = join(folder, 'show.mp4');
  expect(recorder.status).toMatchObject({ state: 'stopped', name: 'show.mp4' });
  expect(await decodeErrors(file)).toBe('');
  const frames = packets.filter(({ type }) => type === 'frame');
  const [video, audio] = await probe(file);
  expect(video).toMatchObject({ codec_name: 'h264', width: 320, height: 180 });
  expect(audio).toMatchObject({ codec_name: 'aac', sample_rate: '48000', channels: 2 });
  const seconds = (us: number): string => (us / 1e6).toFixed(6);
  const start = Math.min(...frames.map(({ dts }) => dts));
  const expected = frames
    .map(({ track, pts, dts, payload }) => {
      // Sound has the times of its samples.
      const time = (us: number): string =>
        seconds(track === 'audio' ? Math.round((us - start) * 0.048) / 0.048 : us - start);
      return `${track},${time(pts)},${time(dts)},${payload.length}`;
    })
    .sort();
  expect(await probed(file)).toEqual(expected);
});

it('what was written before a kill plays: a file that was never finished', async () => {
  const recorder = record('killed.mp4', await encoded('320x180'));
  const file = join(folder, 'killed.mp4');
  await expect.poll(async () => (await readFile(file)).byteLength).toBeGreaterThan(50_000);
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries'],
    ...['stream=nb_read_frames', '-of', 'csv=p=0', file],
  ]);
  // All but the last half second.
  expect(Number(stdout)).toBeGreaterThanOrEqual(4 * 30 - 15);
  expect(await decodeErrors(file)).toBe('');
  await recorder.finish();
});

it('a stream that becomes another size goes on in another file, and nothing that is there is touched', async () => {
  const [small, large] = [await encoded('320x180'), await encoded('640x360')];
  const taken = record('size-2.mp4', small);
  await taken.finish();
  const before = await readFile(join(folder, 'size-2.mp4'));
  const recorder = record('size.mp4', [...small, ...shifted(large, 4_000_000)]);
  await recorder.finish();
  expect((await readdir(folder)).filter((name) => name.startsWith('size'))).toEqual([
    ...['size-2.mp4', 'size-3.mp4', 'size.mp4'],
  ]);
  expect(await readFile(join(folder, 'size-2.mp4'))).toEqual(before);
  const [first, next] = [join(folder, 'size.mp4'), join(folder, 'size-3.mp4')];
  const sizes = await Promise.all([first, next].map(async (file) => (await stat(file)).size));
  expect(recorder.status).toMatchObject({
    ...{ path: first, otherPaths: [next], bytes: (sizes[0] ?? 0) + (sizes[1] ?? 0) },
  });
  for (const [name, width] of [
    ['size.mp4', 320],
    ['size-3.mp4', 640],
  ] as const) {
    const [video] = await probe(join(folder, name));
    expect(video).toMatchObject({ width, nb_read_packets: '120' });
    expect(await decodeErrors(join(folder, name))).toBe('');
  }
});

it('a hole in the times stays one, in the same file', async () => {
  const packets = await encoded('320x180');
  const recorder = record('hole.mp4', [...packets, ...shifted(packets, 64_000_000)]);
  await recorder.finish();
  const times = (await probed(join(folder, 'hole.mp4')))
    .filter((line) => line.startsWith('video'))
    .map((line) => Number(line.split(',')[2]))
    .sort((a, b) => a - b);
  expect(times).toHaveLength(240);
  expect((times[120] ?? 0) - (times[119] ?? 0)).toBeGreaterThan(59);
  expect(await readdir(folder)).not.toContain('hole-2.mp4');
});

it.each([
  ['libx265', 'aac', 'hevc', 'aac'],
  ['libx264', 'libmp3lame', 'h264', 'mp3'],
])('%s and %s can be recorded', async (codec, sound, video, audio) => {
  const source = await encoded('320x180', codec, sound).catch(() => undefined);
  // This ffmpeg's FLV may not carry it.
  if (source === undefined) return;
  const recorder = record(`${video}-${audio}.mp4`, source);
  await recorder.finish();
  const file = join(folder, `${video}-${audio}.mp4`);
  expect((await probe(file)).map(({ codec_name }) => codec_name)).toEqual([video, audio]);
  expect(await decodeErrors(file)).toBe('');
});

it('a codec that has no place in MP4 is refused at once, and the broadcast hears why', async () => {
  const recorder = new Recorder({ id: 'vp9', path: join(folder, 'vp9.mp4') });
  recorder.open({ onChange: () => undefined, requestKeyframe: () => undefined });
  recorder.start(describe('vp9'));
  expect(recorder.status).toMatchObject({
    state: 'failed',
    lastError: { code: 'RECORDING_FAILED', data: { reason: { reason: 'codec-not-in-mp4' } } },
  });
  await recorder.finish();
});
