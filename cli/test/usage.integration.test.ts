import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtmpServer } from 'node-rtmp-client';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasNginxRtmp, startNginxRtmp } from '../../test/support/nginx.js';
import { buildCli, killLeftovers, runCli, runProcess, startCli } from './run-cli.js';

// What was typed, or what a server says to it, is answered in words that help.

beforeAll(buildCli);
afterEach(killLeftovers);

const to = ['--source', 'test', '--to', 'rtmp://127.0.0.1:1/live/k3y'];

test.each([
  { args: ['publish', '--sorce', 'test'], says: 'There is no option --sorce', help: 'publish' },
  { args: ['publish'], says: 'The option --source is missing', help: 'publish' },
  { args: ['profiles', 'add', 'x', '--ulr', 'y'], says: 'no option --ulr', help: 'profiles add' },
  {
    args: ['publish', ...to, '--key-env'],
    says: 'needs a value',
    help: 'publish',
  },
  {
    args: ['publish', '--key-env', '--source', ...to],
    says: 'needs a value',
    help: 'publish',
  },
  { args: ['profiles', 'add', 'x'], says: 'The option --url is missing', help: 'profiles add' },
  { args: ['publish', ...to, '--duration', '1m'], says: 'takes seconds', help: 'publish' },
  { args: ['publish', ...to, '--fps', 'fast'], says: 'frames per second such as', help: 'publish' },
  { args: ['help', 'nope'], says: 'There is no command "nope".', help: '' },
  {
    args: ['publish', ...to, '--fps', '0'],
    says: '--fps is out of range: it is at least 1.',
    help: 'publish',
  },
  {
    args: ['publish', ...to, '--size', '1280x1000000'],
    ...{ says: 'the height is at most 4320 pixels', help: 'publish' },
  },
  {
    args: ['publish', ...to, '--video-bitrate', '-1k'],
    ...{ says: '--video-bitrate is out of range: it is at least 50k.', help: 'publish' },
  },
  {
    args: ['serve', '--rtmp', '127.0.0.1:99999'],
    ...{ says: 'The port of --rtmp is a number from 1 to 65535', help: 'serve' },
  },
  {
    args: ['studio', '--port', '99999'],
    ...{ says: 'The port of --port is a number from 1 to 65535', help: 'studio' },
  },
  {
    args: ['publish', ...to, '--password-env', 'HOME'],
    ...{ says: '--password-env needs --user', help: 'publish' },
  },
  {
    args: ['publish', ...to, '--user', 'me'],
    ...{ says: '--user needs --password-env', help: 'publish' },
  },
  {
    args: ['profiles', 'add', 'x', '--url', 'rtmp://a/b', '--key', 'k', '--password-env', 'HOME'],
    ...{ says: '--password-env needs --user', help: 'profiles add' },
  },
  {
    args: ['play', 'rtmp://127.0.0.1:1/live', '--stream', 'a', '--key-env', 'HOME'],
    ...{ says: 'Only one of --stream and --key-env can be used', help: 'play' },
  },
  { args: ['serve', '--http', 'abc'], says: 'such as 127.0.0.1:8080', help: 'serve' },
  {
    args: ['serve', '--rtmp', '192.0.2.1:0', '--publish-key', 'k'],
    says: 'has no such address',
    help: 'serve',
  },
  {
    args: ['publish', ...to, '--to', 'rtmp://127.0.0.1:2/live', '--key-env', 'HOME'],
    ...{ says: '--key-env is given 1 of 2 times: give it for each --to', help: 'publish' },
  },
  {
    args: ['publish', ...to, '--record', 'a.flv', '--record', 'b.flv'],
    ...{ says: '--record is given twice', help: 'publish' },
  },
  {
    args: ['check', 'rtmp://127.0.0.1:1/live', '--profile', 'Church'],
    ...{ says: 'Only one of [url] and --profile can be used', help: 'check' },
  },
  {
    args: ['publish', ...to, '--to', 'rtmp://127.0.0.1:1/live/k3y'],
    ...{ says: 'is named twice', help: 'publish' },
  },
])('$args: $says', async ({ args, says, help }) => {
  const { code, stderr, summary } = await runCli([...args, '--json']);
  expect(code, stderr).toBe(2);
  expect(stderr).toContain(says);
  const command = `tallylight ${help}`.trim();
  const remedy = `Run "${command} --help" to see what is accepted.`;
  expect(stderr).toContain(remedy);
  expect(summary.lastError).toMatchObject({ code: 'INVALID_OPTION', remedy });
});

test.each([[], ['profiles']])(
  'without a command the help is shown, and one asked for: %j',
  async (...args) => {
    const { code, stderr } = await runProcess(['--lang', 'zh-CN', ...args]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('用法：');
    expect(stderr).toMatch(/✗ 请指定命令。\n {2}/);
    expect(stderr).not.toContain('outputHelp');
  },
);

test('a language that is not spoken is refused in the one that would be', async () => {
  const env = { LC_ALL: 'zh_CN.UTF-8' };
  const { code, stderr } = await runCli(['--lang', 'fr', 'devices'], { env });
  expect(code).toBe(2);
  expect(stderr).toMatch(/✗ --lang 可以是 en 或 zh-CN，不能是“fr”。\n {2}/);
});

test.each([
  [['check', '--profile', 'x', 'rtmp://a/b'], '[地址] 和 --profile 一次只能用一个。'],
  [
    ['profiles', 'add', 'x', '--url', 'u', '--key', 'a', '--key-env', 'b'],
    '--key 和 --key-env 一次',
  ],
  [['publish', ...to, '--key-env', '没有'], '--key-env 指定的环境变量“没有”没有设置。'],
  [['publish', ...to, '--password-env', 'P'], '用 --password-env 时还要用 --user'],
  [['check', 'rtmp://不存在.invalid/a'], '找不到服务器“不存在.invalid”。'],
  [['profiles', 'lis'], '是不是想用 list 或 ls？'],
  [['profiles', 'l'], '是不是想用 ls？'],
  [['nope'], '没有“nope”这个命令。'],
  // What was typed is not what the help shows.
  [['profiles', 'remove', '<url>'], '没有名为“<url>”的推流配置。'],
] as const)('%j is answered in Chinese: %s', async (args, says) => {
  const { stderr, code } = await runCli(['--lang', 'zh-CN', ...args]);
  expect(code, stderr).not.toBe(0);
  expect(stderr).toContain(says);
});

test.each([
  { args: ['publish', '--to'], says: '选项 --to <地址> 缺少值。' },
  { args: ['publish', '--size'], says: '选项 --size <宽x高> 缺少值。' },
])('in Chinese a missing value is called as in the help: $args', async ({ args, says }) => {
  const { stderr } = await runCli(['--lang', 'zh-CN', ...args]);
  expect(stderr).toContain(says);
});

test('an argument that is missing is named as the help names it', async () => {
  const { stderr } = await runProcess(['--lang', 'zh-CN', 'play']);
  expect(stderr).toContain('✗ 缺少参数 <地址>。');
});

test('a file that would be called what it is not, or is there already, is refused before anything is sent', async () => {
  const there = join(tmpdir(), `tallylight-there-${process.pid}.flv`);
  writeFileSync(there, 'precious');
  try {
    const mp4 = await runCli(['play', 'rtmp://127.0.0.1:1/a/b', '--output', '/nowhere/x.mp4']);
    expect(mp4.code, mp4.stderr).toBe(2);
    expect(mp4.stderr).toContain('--output writes FLV: give /nowhere/x.mp4 a name that ends');
    const known = await runCli(['play', 'rtmp://127.0.0.1:1/a/b', '--output', there]);
    expect(known.stderr).toContain('the file exists already');
    expect(known.stderr).not.toContain('--help');
  } finally {
    rmSync(there);
  }
});

describe('profiles', () => {
  test.each([
    { args: ['add', '', '--url', 'rtmp://a/b', '--key', 'k'], says: '这个配置没有名称' },
    { args: ['add', '名'.repeat(300), '--url', 'rtmp://a/b', '--key', 'k'], says: '300 个字' },
    { args: ['add', 'x', '--url', '', '--key', 'k'], says: '没有服务器地址' },
    {
      args: ['add', 'x', '--url', 'rtmp://a/b', '--key', 'k'.repeat(2000)],
      says: '串流密钥有 2000 个字符',
    },
    { args: ['add', '内置服务器', '--url', 'rtmp://a/b', '--key', 'k'], says: '已经有一个' },
    { args: ['remove', '内置服务器'], says: '“内置服务器”是 Tallylight 自带的配置' },
    { args: ['rm', '丙'], says: '“tallylight --lang zh-CN profiles list”' },
  ])('$says', async ({ args, says }) => {
    const { code, stderr } = await runCli(['--lang', 'zh-CN', 'profiles', ...args]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(says);
  });

  test('the command that is offered is complete, and no key is protected where there is none', async () => {
    const run = (...key: string[]) =>
      runCli(['profiles', 'add', 'Church', '--url', 'rtmp://a/b', ...key]);
    const [without, withKey] = [await run('--key', ''), await run('--key', 'k')];
    expect(without.stderr).toContain('tallylight publish --source test --profile "Church"');
    expect(without.stderr).not.toContain('encrypted');
    expect(withKey.stderr).toContain('encrypted');
  });

  test('the built-in one goes by its name in each language', async () => {
    const listed = await runCli(['--lang', 'zh-CN', 'profiles', 'list']);
    expect(listed.stdout).toMatch(/^内置服务器 /);
    const checked = await runCli(['check', '--profile', '内置服务器']);
    expect(checked.code, checked.stderr).toBe(0);
  });

  test('an address as a Chinese input method writes it is saved as it was meant', async () => {
    const url = '推流地址：rtmp：//church.example：1936/live';
    const { summary } = await runCli([
      'profiles',
      'add',
      'x',
      '--url',
      url,
      '--key',
      'k',
      '--json',
    ]);
    expect(summary['profile']).toMatchObject({ serverUrl: 'rtmp://church.example:1936/live' });
  });
});

test('--json is taken before the name of a command, too', async () => {
  for (const args of [
    ['profiles', 'list'],
    ['check', 'rtmp://127.0.0.1:1/live'],
  ]) {
    const [before, after] = [await runCli(['--json', ...args]), await runCli([...args, '--json'])];
    expect(before.code).toBe(after.code);
    expect(before.lines.map(({ type }) => type)).toEqual(after.lines.map(({ type }) => type));
    expect(before.lines.at(-1)?.type).toBe('summary');
  }
});

describe('a server that does not let a stream be played', () => {
  test.each([
    { lang: 'en', says: 'does not let this stream be played: only for friends' },
    { lang: 'zh-CN', says: '不允许播放这路流：only for friends' },
  ])('has refused, in words for a player: $lang', async ({ lang, says }) => {
    const server = new RtmpServer({
      onPlay: (playback) => {
        playback.reject('NetStream.Play.Failed', 'only for friends');
        return Promise.resolve();
      },
    });
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    try {
      const url = `rtmp://127.0.0.1:${port}/live/k3y`;
      const result = await runCli(['--lang', lang, 'play', url, '--json']);
      expect(result.code, result.stderr).toBe(4);
      expect(result.summary.lastError?.code).toBe('PLAY_REFUSED');
      expect(result.stderr).toContain(says);
      expect(result.stderr).not.toMatch(/go live|重新开播/);
    } finally {
      await server.close();
    }
  });
});

describe('a stream of which no frame comes', () => {
  // nginx-rtmp accepts players of a stream that nobody publishes, and waits.
  const waiting = (): RtmpServer =>
    new RtmpServer({
      onPlay: (playback) => {
        playback.accept();
        return new Promise(() => undefined);
      },
    });

  test('is no file that was saved, whatever ends the waiting', async () => {
    const server = waiting();
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const file = join(tmpdir(), `tallylight-nothing-${process.pid}.flv`);
    const play = ['play', `rtmp://127.0.0.1:${port}/live/k3y-nobody`, '--output', file, '--json'];
    try {
      // It takes as much as was asked for, however long that takes, so silence ends it.
      const silent = await runCli([...play, '--duration', '1']);
      const running = startCli(play);
      await running.line(({ state }) => state === 'playing');
      running.child.kill('SIGINT');
      for (const { code, stderr, summary } of [silent, await running.done]) {
        expect(code, stderr).toBe(3);
        expect(stderr).not.toContain('Done');
        expect(stderr).toMatch(/sent no picture and no sound in [\d.]+ s\.\n.*may not be live/);
        expect(stderr).toContain('Nothing was written.');
        expect(summary.lastError?.code).toBe('NO_MEDIA_RECEIVED');
        expect(summary['output']).toBeUndefined();
        expect(existsSync(file)).toBe(false);
      }
      // The phases are told as `check` and `publish` tell them.
      expect(silent.lines).toContainEqual(
        expect.objectContaining({ type: 'state', phase: 'connect', state: 'done' }),
      );
    } finally {
      await server.close();
    }
  });
});

describe.skipIf(!hasNginxRtmp())('check --publish against nginx-rtmp (needs nginx)', () => {
  test('stays until it is known whether the server keeps the stream', async () => {
    const directives = 'application denied { live on; deny publish all; }';
    const nginx = await startNginxRtmp({ directives });
    try {
      const check = (app: string) =>
        runCli(['check', '--publish', `rtmp://127.0.0.1:${nginx.rtmpPort}/${app}/k3y-to-check`]);
      const denied = await check('denied');
      expect(denied.stdout + denied.stderr).not.toContain('Ready to go live');
      expect(denied.stderr).toContain('Check the stream key');
      expect(denied.stdout).not.toMatch(/key accepted/i);
      expect(denied.code, denied.stderr).toBe(4);
      const allowed = await check('live');
      expect(allowed.code, allowed.stderr).toBe(0);
      expect(allowed.stdout).toMatch(/✓ Stable.*\n.*Ready to go live/);
    } finally {
      await nginx.stop();
    }
  });
});
