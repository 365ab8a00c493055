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
  ['nobody', 'h', 'own, bilibili, douyin, huya,'],
])('a server of the kind %s at "%s" is refused: its %s', async (preset, url, why) => {
  const { code, stderr } = await add(preset, url);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
});

test.each([
  ['en', 'Twitch', 'Services in China', 'Creator Dashboard'],
  ['zh-CN', '哔哩哔哩', '中国的平台', '开播设置'],
])('the services are listed in %s, each with where its key is', async (lang, ...words) => {
  const { stdout, code } = await runCli(['--lang', lang, 'profiles', 'presets']);
  expect(code).toBe(0);
  for (const { id } of destinationPresets) expect(stdout).toContain(`${id}  `);
  for (const word of words) expect(stdout).toContain(word);
  const { summary } = await runCli(['profiles', 'presets', '--json']);
  expect(summary).toMatchObject({ presets: destinationPresets });
});

test('of a service that has one address nothing but the key is needed, and its limits are known', async () => {
  const added = await runCli([
    ...['--data-dir', dataDir, 'profiles', 'add', 'My channel', '--preset', 'twitch'],
    ...['--key', 'live_1', '--json'],
  ]);
  expect(added.summary).toMatchObject({
    profile: { serverUrl: 'rtmp://live.twitch.tv/app', service: 'twitch' },
  });
  const said = await runCli([
    ...['publish', '--source', 'test', '--to', 'rtmp://127.0.0.1:1/live.twitch.tv/k'],
    ...['--video-bitrate', '8000k', '--json'],
  ]);
  expect(said.lines.filter(({ type }) => type === 'warning')).toEqual([]);
  const of = await runCli([
    ...['--data-dir', dataDir, 'profiles', 'add', 'Mine', '--preset', 'facebook'],
    ...['--url', 'rtmp://127.0.0.1:1/rtmp', '--key', 'FB-1'],
  ]);
  expect(of.stderr).toContain('Facebook takes encrypted connections only.');
  const warned = await runCli([
    ...['--data-dir', dataDir, 'publish', '--source', 'test', '--profile', 'Mine'],
    ...['--video-bitrate', '8000k', '--keyframe-interval', '5'],
  ]);
  expect(warned.code).toBe(3);
  expect(warned.stderr).toContain('Facebook takes up to 4,000 kbit/s; yours is 8,000.');
  expect(warned.stderr).toContain('wants a keyframe at least every 4 s; yours come every 5 s.');
});
