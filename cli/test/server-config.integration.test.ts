import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { hasNginxRtmp } from '../../test/support/nginx.js';
import { buildCli, killLeftovers, runCli, runProcess } from './run-cli.js';

// What was typed becomes a configuration that nginx takes, or is refused in words that help.

const run = promisify(execFile);
const key = 'k3y-of-"publishers"';
const env = { PUBLISH_KEY: key };
let folder = '';

beforeAll(async () => {
  await buildCli();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-server-config-'));
  await writeFile(join(folder, 'file'), '');
});
afterEach(killLeftovers);
afterAll(() => rm(folder, { recursive: true, force: true }));

const nginx = (...args: string[]): string[] => ['server-config', 'nginx', ...args];
const srs = (...args: string[]): string[] => ['server-config', 'srs', ...args];

test.skipIf(!hasNginxRtmp())('what is on stdout is what nginx -t takes', async () => {
  const args = nginx(
    '--hls',
    '--dash',
    '--stat',
    '--work-folder',
    folder,
    '--push',
    'rtmp://[::1]/a/b',
  );
  const { code, stdout, stderr } = await runProcess(args);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('Everybody who can reach the RTMP port can publish.');
  expect(stdout).toContain('# HLS          http://SERVER:8080/hls/NAME.m3u8\n');
  const file = join(folder, 'stdout.conf');
  await writeFile(file, stdout);
  expect((await run('nginx', ['-t', '-c', file])).stderr).toContain('test is successful');
});

test('a file with a key is for its owner alone, and the key is told nowhere', async () => {
  const path = join(folder, 'secret.conf');
  const args = nginx(
    '--publish-key-env',
    'PUBLISH_KEY',
    '--app',
    'show',
    '--output',
    path,
    '--json',
  );
  const { code, stdout, stderr, summary } = await runCli(args, { env });
  expect(code, stderr).toBe(0);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const text = await readFile(path, 'utf8');
  expect(text).toContain('if ($arg_key = "k3y-of-\\"publishers\\"") { return 204; }');
  const comments = text.split('\n').filter((line) => line.trimStart().startsWith('#'));
  expect(comments.join('\n') + stdout + stderr).not.toContain('k3y-of-');
  expect(stderr).toContain('The configuration holds keys in clear');
  const publish = 'rtmp://SERVER:1935/show/NAME?key=KEY';
  expect(comments.join('\n')).toContain(publish);
  expect(summary).toMatchObject({ engine: 'nginx', role: 'single', path, addresses: { publish } });
});

test('a file with the key of another service is for its owner alone, too; one without is for all', async () => {
  const [secret, open] = [join(folder, 'push.conf'), join(folder, 'open.conf')];
  await runCli(nginx('--push', 'rtmp://192.0.2.1/live/k3y', '--output', secret));
  await runCli(nginx('--output', open));
  expect((await stat(secret)).mode & 0o777).toBe(0o600);
  const plain = join(folder, 'plain');
  await writeFile(plain, '');
  expect((await stat(open)).mode).toBe((await stat(plain)).mode);
});

test('comments and addresses are in the language of the user', async () => {
  const args = ['--lang', 'zh-CN', ...srs('--hls', '--stat', '--role', 'origin')];
  const { code, stdout, stderr } = await runCli(args);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('# 推流地址   rtmp://SERVER:1935/live/NAME\n');
  expect(stderr).toBe('! 能连到 RTMP 端口的人都可以推流。\n');
  const { stderr: written } = await runCli([...args, '--output', join(folder, '中文.conf')]);
  expect(written).toContain(`已写入 ${join(folder, '中文.conf')}\n`);
});

test('a folder for recordings that is not here is said, and becomes absolute', async () => {
  const { code, stdout, stderr } = await runCli(srs('--record', 'no such folder'));
  expect(code, stderr).toBe(0);
  const absolute = join(process.cwd(), 'no such folder');
  expect(stderr).toContain(`! The folder ${absolute} is not on this computer.`);
  expect(stdout).toContain(`dvr_path "${absolute}/[app]/[stream].[timestamp].flv";`);
});

test.each([
  [nginx('--json'), '--json needs --output', '必须加 --output'],
  [nginx('--record', 'file'), 'file cannot be written: it is a file, not a folder', '不是文件夹'],
] as const)('%j is refused in both languages', async (args, english, chinese) => {
  const inFolder = args.map((arg) => (arg === 'file' ? join(folder, 'file') : arg));
  const answers = ['en', 'zh-CN'].map((language) => runCli(['--lang', language, ...inFolder]));
  for (const [index, says] of [english, chinese].entries()) {
    const answer = await answers[index];
    expect(answer?.code, answer?.stderr).toBe(2);
    expect(answer?.stderr).toContain(says);
  }
});
