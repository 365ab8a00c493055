import type { AppErrorInfo } from '@tallylight/contract';
import { english } from '../../../../test/support/english.js';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FlvMuxer,
  parseAvcDecoderConfiguration,
  parseAudioSpecificConfig,
  type EncodedPacket,
} from 'node-rtmp-client';
import type { Encoding } from '@tallylight/contract';
import {
  clip,
  countFrames,
  decodeErrors,
  decodeTimes,
  flashToBeep,
  strictlyRising,
} from '../../../../test/support/media.js';
import { descendants } from '../../../../test/support/processes.js';
import { toErrorInfo } from '../../src/app-error.js';
import type { FfmpegSourceSpec } from '../../src/sources/ffmpeg/capture-plan.js';
import { FfmpegLocator } from '../../src/ffmpeg/ffmpeg-locator.js';
import {
  createFfmpegSource,
  type FfmpegSourceDependencies,
} from '../../src/sources/ffmpeg/ffmpeg-source.js';
import { createLogger } from '../../src/logger.js';

const run = promisify(execFile);
const ffmpeg = new FfmpegLocator();
const logger = createLogger({ level: 'silent' });
const encoding: Encoding = {
  width: 640,
  height: 360,
  fps: 30,
  videoBitrate: 1_000_000,
  audioBitrate: 128_000,
  keyframeInterval: 1,
};
const testSource: FfmpegSourceSpec = {
  type: 'capture',
  video: { type: 'test' },
  audio: { type: 'test' },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-source-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Collected {
  readonly packets: EncodedPacket[];
  readonly hasAudio: boolean;
}

/** Reads a source until it ends, or has reached a decode time. */
async function collect(
  spec: FfmpegSourceSpec,
  options: {
    untilMs?: number;
    encoding?: Partial<Encoding>;
    dependencies?: Partial<FfmpegSourceDependencies>;
  } = {},
): Promise<Collected> {
  const source = createFfmpegSource(
    spec,
    { ...encoding, ...options.encoding },
    { ffmpeg, logger, ...options.dependencies },
  );
  const packets: EncodedPacket[] = [];
  for await (const packet of source.packets(AbortSignal.timeout(60_000))) {
    packets.push(packet);
    if (packet.dts >= (options.untilMs ?? Infinity) * 1000) break;
  }
  expect(source.status.droppedFrames).toBe(0);
  return { packets, hasAudio: source.hasAudio };
}

async function write(name: string, packets: EncodedPacket[]): Promise<string> {
  const muxer = new FlvMuxer();
  const file = join(folder, name);
  const pieces = [...muxer.header({}), ...packets.flatMap((packet) => muxer.packet(packet))];
  await writeFile(file, Buffer.concat(pieces));
  return file;
}

const framesOf = (packets: EncodedPacket[], track: 'video' | 'audio'): EncodedPacket[] =>
  packets.filter((packet) => packet.track === track && packet.type === 'frame');

async function failure(spec: FfmpegSourceSpec): Promise<AppErrorInfo & { message: string }> {
  const result = await collect(spec, { untilMs: 500 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (result === undefined) throw new Error('it did not fail');
  const info = toErrorInfo(result);
  return { ...info, message: english.error(info).message };
}

describe('the test source', () => {
  it('flashes and beeps together, at a constant rate, with keyframes where they were asked for', async () => {
    const { packets } = await collect(testSource, { untilMs: 6_500 });
    const [first, second] = packets;
    expect([first?.type, second?.type]).toEqual(['config', 'config']);
    const video = packets.find((packet) => packet.track === 'video' && packet.type === 'config');
    const audio = packets.find((packet) => packet.track === 'audio' && packet.type === 'config');
    if (!video || !audio) throw new Error('no configuration came');
    expect(parseAvcDecoderConfiguration(video.payload)).toMatchObject({ width: 640, height: 360 });
    expect(parseAudioSpecificConfig(audio.payload)).toMatchObject({
      objectType: 2,
      sampleRate: 48_000,
      channels: 2,
    });

    const frames = framesOf(packets, 'video');
    const keyframes = frames.flatMap((packet, index) => (packet.keyframe ? [index] : []));
    expect(keyframes.slice(0, 4)).toEqual([0, 30, 60, 90]);
    expect(frames.every((packet) => packet.pts === packet.dts)).toBe(true);

    const file = await write('test.flv', packets);
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(frames.length);
    const distances = await flashToBeep(file);
    expect(distances.length).toBeGreaterThanOrEqual(3);
    for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(20);
  });

  it('runs in real time', async () => {
    const begin = performance.now();
    await collect(testSource, { untilMs: 3_000 });
    // Faster than real time would be an error whatever else runs on this machine.
    expect(performance.now() - begin).toBeGreaterThan(2_500);
  });

  it('can be without sound, at another size and rate', async () => {
    const spec: FfmpegSourceSpec = { ...testSource, audio: { type: 'none' } };
    const { packets, hasAudio } = await collect(spec, {
      untilMs: 1_000,
      encoding: { width: 426, height: 240, fps: 25, keyframeInterval: 0.4 },
    });
    expect(hasAudio).toBe(false);
    expect(framesOf(packets, 'audio')).toHaveLength(0);
    const frames = framesOf(packets, 'video');
    const keyframes = frames.flatMap((packet, index) => (packet.keyframe ? [index] : []));
    expect(keyframes.slice(0, 3)).toEqual([0, 10, 20]);
  });

  it('gives small pictures for a preview', async () => {
    const pictures: Uint8Array[] = [];
    const dependencies = { onPreview: (jpeg: Uint8Array) => pictures.push(jpeg) };
    const { packets } = await collect(testSource, { untilMs: 2_000, dependencies });
    expect(framesOf(packets, 'video').length).toBeGreaterThanOrEqual(60);
    expect(pictures.length).toBeGreaterThanOrEqual(10);
    const file = join(folder, 'preview.jpg');
    await writeFile(file, pictures.at(-1) ?? '');
    const size = ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', file];
    expect((await run('ffprobe', ['-v', 'error', ...size])).stdout.trim()).toBe('mjpeg,640,360');
  });

  it('leaves no process behind, whether it is aborted, left or never read to the end', async () => {
    const source = (): ReturnType<typeof createFfmpegSource> =>
      createFfmpegSource(testSource, encoding, { ffmpeg, logger });
    const children = async (): Promise<number> => (await descendants(process.pid)).length;
    const before = await children();

    const abort = new AbortController();
    let seen = 0;
    for await (const packet of source().packets(abort.signal)) {
      expect(packet).toBeDefined();
      if (++seen === 20) {
        expect(await children()).toBeGreaterThan(before);
        abort.abort();
      }
    }
    expect(await children()).toBe(before);

    for await (const packet of source().packets(new AbortController().signal)) {
      expect(packet).toBeDefined();
      break;
    }
    expect(await children()).toBe(before);

    const waiting = new AbortController();
    const pending = source().packets(waiting.signal)[Symbol.asyncIterator]().next();
    waiting.abort();
    expect((await pending).done).toBe(true);
    expect(await children()).toBe(before);
  });
});

describe('a file', () => {
  it('is copied packet for packet, B-frames and all', async () => {
    const whole = await clip(folder);
    const short = join(folder, 'short.mp4');
    await run('ffmpeg', ['-v', 'error', '-i', whole, '-t', '3', '-c', 'copy', short]);
    const { packets, hasAudio } = await collect({
      type: 'file',
      path: short,
      copy: true,
    });
    expect(hasAudio).toBe(true);
    expect(framesOf(packets, 'video').some((packet) => packet.pts > packet.dts)).toBe(true);
    const file = await write('copied.flv', packets);
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(await countFrames(short));
    expect(strictlyRising(await decodeTimes(file, 'v:0'))).toBe(true);
    expect(strictlyRising(await decodeTimes(file, 'a:0'))).toBe(true);
    expect(await pictureHash(file)).toBe(await pictureHash(short));
  });

  it('begins again at its end, and what is shorter of picture and sound leaves no gap', async () => {
    const path = join(folder, 'loop.mp4');
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-f', 'lavfi'],
      ...['-i', 'sine=d=0.6', '-t', '1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      path,
    ]);
    const { packets } = await collect(
      { type: 'file', path, copy: false, loop: true },
      { untilMs: 2_500 },
    );
    for (const track of ['video', 'audio'] as const) {
      const times = framesOf(packets, track).map((packet) => packet.dts);
      expect(times.at(-1)).toBeGreaterThan(2_300_000);
      const steps = times.slice(1).map((time, at) => time - (times[at] ?? NaN));
      expect(Math.min(...steps), track).toBeGreaterThan(0);
      expect(Math.max(...steps), track).toBeLessThan(70_000);
    }
  });

  it('is encoded to the size asked for, with black bars, and ends', async () => {
    const path = join(folder, 'tall.mkv');
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=180x320:r=15', '-f', 'lavfi'],
      ...['-i', 'sine=r=44100', '-t', '1', '-c:v', 'mpeg4', '-c:a', 'mp3', path],
    ]);
    const { packets } = await collect({ type: 'file', path, copy: false });
    const config = packets.find((packet) => packet.track === 'video');
    if (!config) throw new Error('no video came');
    expect(parseAvcDecoderConfiguration(config.payload)).toMatchObject({ width: 640, height: 360 });
    expect(framesOf(packets, 'video').length).toBeGreaterThanOrEqual(29);
    expect(await decodeErrors(await write('tall.flv', packets))).toBe('');
  });

  it('may have a name that looks like an option or an address', async () => {
    const original = await clip(folder);
    await mkdir(join(folder, 'names'));
    for (const name of ['-i.mp4', 'http:x.mp4', "it's 100% [a].mp4"]) {
      const path = join(folder, 'names', name);
      await run('ffmpeg', [
        '-v',
        'error',
        '-i',
        original,
        '-t',
        '0.2',
        '-c',
        'copy',
        `file:${path}`,
      ]);
      const { packets } = await collect({ type: 'file', path, copy: true });
      expect(framesOf(packets, 'video').length).toBeGreaterThan(0);
    }
  });

  it('says what is wrong with it', async () => {
    const file = (path: string, copy = false): FfmpegSourceSpec => ({
      type: 'file',
      path,
      copy,
    });
    const make = async (name: string, ...args: string[]): Promise<string> => {
      const path = join(folder, name);
      await run('ffmpeg', ['-v', 'error', ...args, path]);
      return path;
    };
    const text = join(folder, 'text.mp4');
    await writeFile(text, 'This is no film.');
    const sound = await make('sound.m4a', '-f', 'lavfi', '-i', 'sine', '-t', '1', '-c:a', 'aac');
    const vp8 = await make('vp8.webm', '-f', 'lavfi', '-i', 'testsrc=d=1', '-c:v', 'libvpx');

    const absent = join(folder, 'absent.mp4');
    expect(await failure(file(absent))).toMatchObject({
      code: 'FILE_UNREADABLE',
      data: { file: absent, reason: { reason: 'no-such-file' } },
    });
    expect((await failure(file(folder))).code).toBe('FILE_UNREADABLE');
    expect((await failure(file(text))).code).toBe('FILE_UNREADABLE');
    expect((await failure(file(sound))).code).toBe('NO_VIDEO');
    expect(await failure(file(vp8, true))).toMatchObject({
      code: 'CODEC_NOT_COPYABLE',
      data: { codec: 'vp8' },
    });

    const silent = createFfmpegSource(file(vp8), encoding, { ffmpeg, logger });
    await silent.prepare();
    expect(silent).toMatchObject({ hasAudio: false, capturesLive: false });
    const live = createFfmpegSource(testSource, encoding, { ffmpeg, logger });
    expect(live).toMatchObject({ hasAudio: true, capturesLive: true });
  });
});

async function pictureHash(file: string): Promise<string> {
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-f', 'framemd5', '-'];
  const { stdout } = await run('ffmpeg', args);
  const sums = stdout.split('\n').filter((line) => line.startsWith('0,'));
  return createHash('sha256')
    .update(sums.map((line) => line.split(',').at(-1)).join())
    .digest('hex');
}
