import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoding, FileListState } from '@tallylight/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  decodeErrors,
  decodeTimes,
  hashedPackets,
  strictlyRising,
} from '../../../../test/support/media.js';
import { until } from '../../../../test/support/until.js';
import { createEngine, type Engine } from '../../src/engine.js';
import { createLogger } from '../../src/logger.js';
import { makeFilms, type Film } from '../support/films.js';

const encoding: Encoding = {
  ...{ width: 320, height: 180, fps: 30, keyframeInterval: 1 },
  ...{ videoBitrate: 300_000, audioBitrate: 64_000 },
};

/** Each has a keyframe at each second at least. */
const films: readonly Film[] = [
  { name: 'small.mp4', size: '320x180', fps: 30, seconds: 20, sound: 48_000 },
  { name: 'large.mkv', size: '640x360', fps: 25, seconds: 8, sound: 44_100 },
  { name: 'mute.mp4', size: '426x240', fps: 30, seconds: 2 },
];
const [small, large, mute] = films.map(({ name }) => name);

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-files-test-'));
  engine = createEngine({
    ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
    logger: createLogger({ level: 'silent' }),
  });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = ({ files }: FileListState, name: string | undefined) =>
  files.find((file) => file.name === name);

test('files are led while they are live: the next one, a pause, another place; what arrives has the right pictures and no gap', async () => {
  const { files } = engine;
  const [first = '', second = '', third = ''] = await makeFilms(folder, films);
  const text = join(folder, 'notes.mp4');
  await writeFile(text, 'no film');
  files.add([second, third, first, text]);
  files.update({ copy: true });
  await until('what is in the files', () =>
    files.state.files.every(({ canCopy, error }) => canCopy === true || error),
  );
  expect(files.state.files).toMatchObject([
    { name: large, width: 640, height: 360, videoCodec: 'h264', canCopy: true },
    { name: mute, durationMs: 2000 },
    { name: small, audioCodec: 'aac' },
    { name: 'notes.mp4', error: { code: 'FILE_UNREADABLE', data: { file: 'notes.mp4' } } },
  ]);
  files.move(fileOf(files.state, small)?.id ?? '', 0);
  files.move(fileOf(files.state, 'notes.mp4')?.id ?? '', 2);
  expect(files.state.files.map(({ name }) => name)).toEqual([small, large, 'notes.mp4', mute]);

  const path = join(folder, 'received.flv');
  let pictures = 0;
  const source = engine.openFiles(encoding, 'en', () => (pictures += 1));
  const playback = source.control?.playback;
  const broadcast = await engine.startBroadcast({
    ...{ source, encoding, outputs: [{ type: 'recording', path }] },
  });
  const ended = broadcast.run();
  const on = (name: string | undefined, fromMs: number) => () => {
    const { playback: now } = files.state;
    return now?.id === fileOf(files.state, name)?.id && (now?.positionMs ?? 0) >= fromMs;
  };
  const frames = (): number => broadcast.snapshot.statistics?.video.frames ?? 0;
  await until('a second of the first', on(small, 1000));
  await playback?.next();
  await until('a second of the second', on(large, 1000));
  await expect(files.remove(fileOf(files.state, large)?.id ?? '')).rejects.toThrow('FILE_IN_USE');
  await playback?.pause();
  await until('the pause', () => files.state.playback?.isPaused);
  const before = frames();
  await until('a slate', () => frames() > before + 30);
  await playback?.seek(6400);
  expect(files.state.playback).toMatchObject({ isPaused: true, positionMs: 6400 });
  await playback?.resume();
  await until('the second once more', on(large, 6500));
  const last = await ended;
  expect(last.error).toBeUndefined();
  expect(last.isPlayedOut).toBe(true);
  expect(files.state.playback).toBeUndefined();
  expect(pictures).toBeGreaterThan(5);
  await expect(playback?.next()).rejects.toThrow('NOT_PLAYING');

  expect(await decodeErrors(path)).toBe('');
  const [shown, heard] = [await decodeTimes(path, 'v:0'), await decodeTimes(path, 'a:0')];
  for (const times of [shown, heard]) expect(strictlyRising(times)).toBe(true);
  // What is left in the middle takes those pictures along that would be shown before the newest one.
  const packets = await Promise.all([first, second].map((film) => hashedPackets(film, 'v:0')));
  // Matroska keeps no decode times; ffprobe cannot tell the first ones.
  const ahead = packets.flat().flatMap(({ pts, dts }) => (Number.isNaN(dts) ? [] : [pts - dts]));
  for (const times of [shown, heard]) {
    expect(Math.max(...stepsOf(times))).toBeLessThanOrEqual(Math.max(...ahead) + 2 * 40);
  }
  expect(Math.abs((shown.at(-1) ?? NaN) - (heard.at(-1) ?? NaN))).toBeLessThan(150);

  const known = new Map<string, { readonly film: number; readonly place: number }>();
  for (const [film, file] of [first, second, third].entries()) {
    const packets = await hashedPackets(file, 'v:0');
    for (const [place, { hash }] of packets.entries()) known.set(hash, { film, place });
  }
  const parts = partsOf((await hashedPackets(path, 'v:0')).map(({ hash }) => known.get(hash)));
  expect(parts.map(({ film }) => film)).toEqual([0, 1, 'slate', 1, 2]);
  const [one, two, slate, again, three] = parts;
  // A keyframe that brings another size has that within it, and so is another: it is missing here.
  expect(one?.from).toBe(0);
  expect(one?.to).toBeGreaterThan(25);
  expect([two?.from, two && two.to > 20 && two.to < 150]).toEqual([1, true]);
  expect(slate?.count).toBeGreaterThan(30);
  expect(again?.from).toBeGreaterThan(25 * 5);
  expect(again?.from).toBeLessThanOrEqual(25 * 6.4);
  expect(again?.to).toBe(25 * 8 - 1);
  expect([three?.from, three?.to]).toEqual([1, 59]);
});

test('what a browser sends is played from a folder that goes with the engine, and no more than is promised is taken', async () => {
  const own = createEngine({
    ...{ dataDirectory: folder, version: '1.2.3', shell: 'browser' },
    logger: createLogger({ level: 'silent' }),
  });
  const folders = async () =>
    new Set(
      (await readdir(tmpdir())).filter(
        (name) => name.startsWith('tallylight-files-') && name.includes(`-${process.pid}-`),
      ),
    );
  const before = await folders();
  const send = (name: string, size: number, ...pieces: string[]) =>
    own.receiveFile(
      name,
      size,
      (async function* () {
        for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
      })(),
    );
  await send('../../../film.mp4', 6, 'fil', 'm 1');
  const [made = ''] = [...(await folders())].filter((name) => !before.has(name));
  expect(await readdir(join(tmpdir(), made))).toEqual(['1']);
  expect(await readdir(join(tmpdir(), made, '1'))).toEqual(['film.mp4']);
  for (const [size, ...pieces] of [
    [6, 'more than that'],
    [6, 'less'],
  ] as const)
    await expect(send('other.mp4', size, ...pieces)).rejects.toThrow('transfer-broken');
  await expect(send('huge.mp4', 1e15)).rejects.toThrow('FILE_NOT_TAKEN');
  const [file] = own.files.state.files;
  expect(own.files.state.files.map(({ name }) => name)).toEqual(['film.mp4']);
  await until('what is wrong with it', () => own.files.state.files[0]?.error !== undefined);
  await own.files.remove(file?.id ?? '');
  expect(await readdir(join(tmpdir(), made))).toEqual([]);
  // It is called as its owner called it, whatever it is called where it is copied.
  const odd = '我的 影片 #1 %20 <b>"x".mp4';
  await send(odd, 0);
  await until('what is wrong with it', () => own.files.state.files[0]?.error !== undefined);
  expect(own.files.state.files).toMatchObject([
    { name: odd, error: { data: { file: odd, reason: { reason: 'file-empty' } } } },
  ]);
  const copies = await readdir(join(tmpdir(), made), { recursive: true });
  expect(copies.join('\n')).not.toMatch(/[<>"]/);
  await own.close();
  expect(await readdir(tmpdir())).not.toContain(made);
});

const stepsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? NaN));

interface Part {
  readonly film: number | 'slate';
  readonly from: number;
  to: number;
  count: number;
}

/** What follows one another without a frame between. Of a slate there are many frames, of an altered keyframe is one. */
function partsOf(frames: readonly ({ film: number; place: number } | undefined)[]): Part[] {
  const parts: Part[] = [];
  for (const frame of frames) {
    const part = parts.at(-1);
    const film = frame?.film ?? 'slate';
    const place = frame?.place ?? 0;
    const goesOn = part?.film === film && (film === 'slate' || place === part.to + 1);
    if (part && goesOn) Object.assign(part, { to: place, count: part.count + 1 });
    else parts.push({ film, from: place, to: place, count: 1 });
  }
  return parts.filter(({ film, count }) => film !== 'slate' || count > 1);
}
