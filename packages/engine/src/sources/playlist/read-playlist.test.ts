import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toErrorInfo } from '../../app-error.js';
import { readPlaylist } from './read-playlist.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-playlist-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<string[]> {
  const path = join(folder, 'list.m3u8');
  await writeFile(path, text);
  return readPlaylist(path);
}

const refusal = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'nothing',
    (error: unknown) => toErrorInfo(error).data['reason'],
  );

it('takes the paths of an M3U in order, relative to its folder, twice where they stand twice', async () => {
  const absolute = join(folder, 'c d.mp4');
  const lines = ['#EXTM3U', '#EXTINF:3,A film', 'a.mp4', '', ' sub/b.mkv ', absolute];
  expect(
    await read(`\uFEFF${[...lines, pathToFileURL(absolute).href, 'a.mp4'].join('\r\n')}`),
  ).toEqual([
    ...[join(folder, 'a.mp4'), join(folder, 'sub', 'b.mkv'), absolute, absolute],
    join(folder, 'a.mp4'),
  ]);
});

it.each([
  ['#EXTM3U\n', { reason: 'playlist-empty' }],
  ['a.mp4\nhttps://example.org/b.mp4', { reason: 'playlist-holds-address', data: { line: 2 } }],
  ['a\0b', { reason: 'no-playlist' }],
  ['a\n'.repeat(1001), { reason: 'playlist-too-long', data: { maximum: 1000 } }],
  [' '.repeat(1024 * 1024 + 1), { reason: 'no-playlist' }],
])('says what is wrong with one', async (text, why) => {
  expect(await refusal(read(text))).toEqual(why);
});

it('says that there is none', async () => {
  expect(await refusal(readPlaylist(join(folder, 'absent.m3u')))).toEqual({
    reason: 'no-such-file',
  });
});
