import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clip, decodeErrors } from '../../../test/support/media.js';
import {
  findFlvKeyframe,
  FlvDemuxer,
  FlvFileWriter,
  repairFlv,
  type FlvItem,
  type FlvPatch,
} from '../src/index.js';

const run = promisify(execFile);

let folder: string;
/** What our writer made of real footage: without its end, and whole. */
let unfinished: string;
let finished: string;
let items: FlvItem[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flv-file-'));
  const source = join(folder, 'source.flv');
  await run('ffmpeg', ['-v', 'error', '-i', await clip(folder), '-t', '8', '-c', 'copy', source]);
  items = new FlvDemuxer().push(await readFile(source));
  const writer = new FlvFileWriter();
  const media = items.filter(({ type }) => type === 'packet');
  const file = Buffer.concat([...writer.header(), ...media.flatMap((item) => writer.item(item))]);
  [unfinished, finished] = [join(folder, 'unfinished.flv'), join(folder, 'finished.flv')];
  await writeFile(unfinished, file);
  await writeFile(finished, file);
  await patch(finished, writer.finish());
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function patch(path: string, patches: readonly FlvPatch[]): Promise<void> {
  const file = await open(path, 'r+');
  for (const { position, bytes } of patches) await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

async function probe(path: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('ffprobe', [
    '-v',
    'warning',
    ...args,
    '-of',
    'csv=p=0',
    path,
  ]);
  expect(stderr).toBe('');
  return stdout.trim();
}

const durationOf = async (path: string): Promise<number> =>
  Number(await probe(path, '-show_entries', 'format=duration'));

const frames = (): number =>
  items.filter(
    (item) =>
      item.type === 'packet' && item.packet.track === 'video' && item.packet.type === 'frame',
  ).length;

const framesOf = async (path: string): Promise<number> => {
  const args = [
    '-select_streams',
    'v',
    '-count_packets',
    '-show_entries',
    'stream=nb_read_packets',
  ];
  return parseInt(await probe(path, ...args), 10);
};

/** Time of the first frame that is read after a seek, in seconds. */
async function seekTo(path: string, seconds: number): Promise<number> {
  const args = ['-select_streams', 'v', '-read_intervals', `${seconds}%+#1`];
  return parseFloat(await probe(path, ...args, '-show_entries', 'packet=pts_time'));
}

describe('a file by our writer', () => {
  it.each([
    ['before it is finished', () => unfinished],
    ['when it is finished', () => finished],
  ])('decodes without a word %s', async (_, path) => {
    expect(await decodeErrors(path())).toBe('');
    expect(await framesOf(path())).toBe(frames());
  });

  it('says how long it is', async () => {
    const last = Math.max(...items.map((i) => (i.type === 'packet' ? i.packet.pts / 1e6 : 0)));
    const duration = await durationOf(finished);
    expect(duration).toBeGreaterThanOrEqual(last);
    expect(duration).toBeLessThan(last + 0.1);
  });

  it('is sought in by its index, to the keyframe at or before', async () => {
    const keyframes = items.flatMap((item) =>
      item.type === 'packet' && item.packet.track === 'video' && item.packet.keyframe
        ? [item.packet.pts / 1e6]
        : [],
    );
    const last = keyframes.at(-1) ?? 0;
    expect(last).toBeGreaterThan(0);
    expect(await seekTo(finished, last + 0.1)).toBeCloseTo(last, 2);
  });
});

describe('an index', () => {
  it.each([
    ['ours', () => Promise.resolve(finished)],
    ["ffmpeg's", indexedByFfmpeg],
  ])('leads to keyframes: %s', async (_, path) => {
    const file = await readFile(await path());
    const [metadata] = new FlvDemuxer().push(file);
    if (metadata?.type !== 'metadata') throw new Error('no metadata');
    for (const seconds of [0, 2.5, 100]) {
      const keyframe = findFlvKeyframe(metadata.value, seconds * 1e6);
      const demuxer = new FlvDemuxer({ startsWith: 'tag' });
      const found = demuxer
        .push(file.subarray(keyframe?.position))
        .flatMap((item) =>
          item.type === 'packet' && item.packet.type === 'frame' ? [item.packet] : [],
        )
        .at(0);
      expect(found).toMatchObject({ track: 'video', keyframe: true });
      // ffmpeg counts from another beginning, some frames away.
      expect(Math.abs((found?.dts ?? 0) - (keyframe?.timestamp ?? 0))).toBeLessThan(200_000);
    }
  });
});

async function indexedByFfmpeg(): Promise<string> {
  const path = join(folder, 'indexed.flv');
  const index = ['-flvflags', 'add_keyframe_index'];
  await run('ffmpeg', ['-v', 'error', '-i', finished, '-c', 'copy', ...index, path]);
  return path;
}

describe('a file that was cut off', () => {
  it('is repaired in place', async () => {
    const path = join(folder, 'cut.flv');
    const whole = await readFile(unfinished);
    await writeFile(path, whole.subarray(0, whole.length * 0.7));
    const { inPlace } = await repairFlv(createReadStream(path));
    if (inPlace === undefined) throw new Error('There was room in its metadata');
    await truncate(path, inPlace.length);
    await patch(path, inPlace.patches);
    expect(await decodeErrors(path)).toBe('');
    expect(await framesOf(path)).toBeLessThan(frames());
    expect(await durationOf(path)).toBeLessThan(await durationOf(finished));
    expect(await durationOf(path)).toBeGreaterThan(0);
  });

  it('is repaired into a new one, also with a hole in the middle', async () => {
    const damaged = await readFile(unfinished);
    const hole = Math.floor(damaged.length * 0.4);
    damaged.fill(0xff, hole, hole + 20_000);
    const { head, ranges, lostBytes } = await repairFlv([damaged.subarray(0, -1000)]);
    expect(ranges).toHaveLength(2);
    expect(lostBytes).toBeGreaterThan(20_000);
    const path = join(folder, 'repaired.flv');
    await writeFile(
      path,
      Buffer.concat([head, ...ranges.map(({ start, end }) => damaged.subarray(start, end))]),
    );
    // What the lost frame was referred to shows; but every tag is one.
    expect(await framesOf(path)).toBeGreaterThan(frames() / 2);
    expect(await durationOf(path)).toBeGreaterThan((await durationOf(finished)) * 0.9);
  });
});
