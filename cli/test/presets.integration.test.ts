import { destinationPresets } from '@tallylight/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './run-in-process.js';

// What "profiles add --preset" makes of the address of a server, and what it says of one that it cannot use.

let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tallylight-presets-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const add = (preset: string, url: string) =>
  runCli([
    ...[
      '--data-dir',
      dataDir,
      'profiles',
      'add',
      `at ${url.replace('://', ' ')}`,
      '--preset',
      preset,
    ],
    ...[`--url=${url}`, '--key', 'k', '--json'],
  ]);

test.each([
  ['nginx-rtmp', '127.0.0.1:30300', 'rtmp://127.0.0.1:30300/live'],
  ['Wowza', 'WOW.example.com ', 'rtmp://wow.example.com/live'],
  ['wowza', 'h/extra/path', 'rtmp://h/extra/path'],
  ['adobe', 'rtmp://other', 'rtmp://other/live'],
])('of a server of the kind %s at "%s" the rest of the address is known', async (...typed) => {
  const [preset, url, serverUrl] = typed;
  const { code, summary } = await add(preset, url);
  expect(code).toBe(0);
  expect(summary).toMatchObject({ profile: { serverUrl } });
});

test.each([
  ['adobe', '-bad-', 'name of the server is malformed'],
  ['nginx-rtmp', '192.168.1.300', 'name of the server is malformed'],
  ['wowza', 'h:99999', 'port is not a number between 1 and 65535'],
  ['own', '127.0.0.1:30300', 'such as rtmp://127.0.0.1:30300/live'],
  ['nobody', 'h', 'own, nginx-rtmp, wowza, or adobe'],
])('a server of the kind %s at "%s" is refused: its %s', async (preset, url, why) => {
  const { code, stderr } = await add(preset, url);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
});

test.each(['en', 'zh-CN'])('the help in %s lists the kinds of servers', async (lang) => {
  const { stdout } = await runCli(['--lang', lang, 'profiles', 'add', '--help']);
  const option = stdout.slice(stdout.indexOf('--preset'), stdout.indexOf('--json'));
  for (const { id } of destinationPresets) expect(option).toContain(id);
});
