import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countFrames } from '../../test/support/media.js';
import { isError, smallPicture } from './recording-lines.js';
import { buildCli, killLeftovers, runCli } from './run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-record-'));
  await buildCli();
});
afterEach(killLeftovers);
afterAll(() => rm(folder, { recursive: true }));

test('without a server it only records, is never live, and its files have every frame', async () => {
  const file = join(folder, 'only.mp4');
  const { code, summary, lines, stderr } = await runCli([
    ...['publish', ...smallPicture, '--record', file, '--record-split', '2s', '--duration', '5'],
    ...['--json', '--lang', 'en'],
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const states = lines.flatMap(({ type, state }) => (type === 'state' ? [state] : []));
  expect(states).toContain('recording');
  expect(states).not.toContain('live');
  expect(summary).toMatchObject({ destinations: [], recording: { path: file } });
  const others = (summary.recording as { otherPaths?: string[] } | undefined)?.otherPaths ?? [];
  const counts = await Promise.all([file, ...others].map(countFrames));
  expect(counts).toEqual([60, 60, 30]);
  expect(summary.video.frames).toBe(150);
  expect(stderr).toMatch(/Recorded into 3 files \(00:00:05, \d+ kB\):\n/);
  expect(stderr).toContain(`  ${file}\n`);
  expect(stderr).not.toMatch(/LIVE|nobody received/);
});

test('what cannot be kept is refused before anything begins, in both languages', async () => {
  const there = join(folder, 'there.mp4');
  const wrong = [
    [['--record', join(folder, 'no', 'show.mp4')], 'no-such-folder'],
    [['--record', there, '--record-split', 'often'], 'not-a-split'],
    [['--to', 'rtmp://127.0.0.1:1/a/b', '--record-split', '10m'], 'only-with-option'],
    [['--record', there, '--replay', '30'], 'only-with-option'],
    [['--record', there, '--control', '--replay', '9999'], 'not-a-replay-length'],
    [[], 'no-destination'],
  ] as const;
  for (const lang of ['en', 'zh-CN']) {
    for (const [options, reason] of wrong) {
      const given = ['publish', ...smallPicture, ...options, '--json', '--lang', lang];
      const { code, lines, stderr } = await runCli(given);
      expect({ code, found: lines.some(isError(reason)) }).toEqual({ code: 2, found: true });
      expect(/\p{Script=Han}/u.test(stderr)).toBe(lang === 'zh-CN');
    }
  }
});
