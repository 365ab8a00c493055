import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { FlvDemuxer, type FlvItem } from 'node-rtmp-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FlvFile } from './flv-file.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-flv-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const payload = Uint8Array.of(1, 2, 3);

const picture = (dts: number, type: 'config' | 'frame' = 'frame'): FlvItem => ({
  type: 'packet',
  packet: { track: 'video', codec: 'h264', type, keyframe: true, pts: dts, dts, payload },
});
const sound = (dts: number): FlvItem => ({
  type: 'packet',
  packet: { track: 'audio', codec: 'aac', type: 'frame', keyframe: true, pts: dts, dts, payload },
});
/** G.711 A-law. */
const opaque = (dts: number): FlvItem => ({
  type: 'opaque',
  packet: {
    ...{ track: 'audio', codec: 'G.711 A-law', codecId: 7, type: 'frame', keyframe: true },
    ...{ pts: dts, dts, payload: Uint8Array.of(0x72, 0xd5) },
  },
});

async function written(items: readonly FlvItem[]): Promise<FlvItem[]> {
  const path = join(folder, 'file.flv');
  const file = await FlvFile.open(path);
  for (const item of items) await file.write(item);
  await file.close();
  return new FlvDemuxer().push(await readFile(path));
}

const timesOf = (items: readonly FlvItem[], track: 'video' | 'audio'): number[] =>
  items.flatMap((item) =>
    'packet' in item && item.packet.track === track ? [item.packet.dts / 1000] : [],
  );

describe.each([
  { name: 'back by a minute', by: -60 },
  { name: 'back to its beginning', by: -100 },
  { name: 'ahead by an hour', by: 3600 },
])('a file of a publisher whose clock is set $name', ({ by }) => {
  test('goes on, sound beside picture, with a new configuration in between', async () => {
    const from = 100_000_000;
    const items = [picture(from, 'config')];
    for (let at = 0; at < 2_000_000; at += 40_000) {
      const time = from + at + (at < 1_000_000 ? 0 : by * 1_000_000);
      if (at === 1_000_000) items.push(picture(time, 'config'));
      items.push(picture(time), sound(time + 5_000));
    }
    const file = await written(items);
    const frames = Array.from({ length: 50 }, (_, index) => index * 40);
    // The gap is kept from the later of the two.
    const after = (at: number, offset: number): number => at + offset + (at < 1000 ? 0 : 5);
    const configured = [0, ...frames.map((at) => after(at, 0))];
    configured.splice(26, 0, 965);
    expect(timesOf(file, 'video')).toEqual(configured);
    expect(timesOf(file, 'audio')).toEqual(frames.map((at) => after(at, 5)));
    const duration = file[0]?.type === 'metadata' ? file[0].value['duration'] : undefined;
    expect(duration).toBeGreaterThan(1.9);
    expect(duration).toBeLessThan(2.1);
  });
});

test('a file into which no frame came is removed', async () => {
  const path = join(folder, 'empty.flv');
  const file = await FlvFile.open(path);
  await file.write(picture(0, 'config'));
  await file.close();
  expect(file.bytes).toBe(0);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

/** A stream tells of a failure a little later. */
async function writeOn(file: FlvFile): Promise<void> {
  for (let at = 0; at < 100; at += 1) {
    await file.write(picture(at * 40_000));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test('what was written is told when its reader leaves', async () => {
  let taken = 0;
  const reader = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (taken > 50) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        return;
      }
      taken += chunk.byteLength;
      done();
    },
  });
  const file = await FlvFile.open(reader);
  await expect(writeOn(file)).rejects.toMatchObject({ info: { code: 'FILE_UNWRITABLE' } });
  await expect(file.close()).rejects.toThrow();
  expect(taken).toBeGreaterThan(50);
  expect(file.bytes).toBe(taken);
});

test.skipIf(!existsSync('/dev/full'))('nothing was written to a disk that is full', async () => {
  const file = await FlvFile.open('/dev/full');
  const full = { info: { code: 'FILE_UNWRITABLE', data: { reason: { reason: 'disk-full' } } } };
  await expect(writeOn(file)).rejects.toMatchObject(full);
  // It has closed itself by now, and is not waited for.
  await expect(file.close()).rejects.toMatchObject(full);
  expect(file.bytes).toBe(0);
});

test('what is not understood is kept, and begins at zero', async () => {
  const from = 100_000_000;
  const file = await written([picture(from), opaque(from + 20_000), opaque(from + 40_000)]);
  expect(file[0]).toMatchObject({ type: 'metadata', value: { audiocodecid: 7, videocodecid: 7 } });
  expect(file.slice(2)).toMatchObject(
    [opaque(20_000), opaque(40_000)].map((item) => ({
      type: item.type,
      packet: { codec: 'G.711 A-law', dts: 'packet' in item ? item.packet.dts : 0 },
    })),
  );
});

test('a file of sound alone that is not understood says that it has sound', async () => {
  const path = join(folder, 'sound.flv');
  const file = await FlvFile.open(path);
  for (const at of [0, 20_000]) await file.write(opaque(at));
  await file.close();
  expect((await readFile(path))[4]).toBe(4);
});
