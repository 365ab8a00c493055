import { AppError } from '@tallylight/contract';
import { describe, expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../../../test/support/cli-messages.js';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { createProgram } from '../../program.js';
import { Printer } from '../../printer.js';

const environment = { KEY: 'publish-k3y', EMPTY: '', LONG: 'ä'.repeat(40), BROKEN: 'a\nb' };

/** Runs the command as it was typed, without a process. @returns what it wrote to stdout. */
async function written(args: readonly string[]): Promise<string> {
  let text = '';
  const stdout = { write: (more: string) => (text += more) };
  const stderr = { write: () => true };
  const run: CliDependencies['run'] = async (_, body) => {
    const printer = new Printer({ json: false, messages: cliEnglish, stdout, stderr });
    await (body(printer) satisfies Promise<CommandResult>);
  };
  const deps = { version: '1', messages: cliEnglish, environment, stdout, stderr, run };
  const program = createProgram(deps as unknown as CliDependencies);
  await program.parseAsync(['node', 'tallylight', ...args]);
  return text;
}

const nginx = (...args: string[]): string[] => ['server-config', 'nginx', ...args];
const srs = (...args: string[]): string[] => ['server-config', 'srs', ...args];
const edge = ['--role', 'edge', '--origin', '192.0.2.1:1935'];

describe.each([
  [
    nginx('--role', 'middle'),
    '--role takes single, origin, or edge, not "middle".',
    'single、origin 或 edge',
  ],
  [nginx('--role', 'edge'), '--origin takes the RTMP address of the origin', '--origin 要写源站的'],
  [
    nginx('--origin', 'a:1'),
    '--origin is only for --role edge.',
    '--origin 只能和 --role edge 一起用',
  ],
  [nginx('--origin-http', 'a:1'), '--origin-http is only for', '--origin-http 只能'],
  [nginx(...edge, '--record', '/srv'), '--record belongs to the origin', '--record 应该写在源站'],
  [nginx(...edge, '--push', 'rtmp://a/b'), '--push belongs to the origin', '--push 应该写在源站'],
  [srs(...edge, '--publish-key-env', 'K'), '--publish-key-env belongs to the', '应该写在源站'],
  [
    srs(...edge, '--dash'),
    'An edge of SRS passes on RTMP and HTTP-FLV, and --dash',
    'SRS 的边缘节点',
  ],
  [srs('--publish-key-env', 'PUBLISH_KEY'), 'SRS cannot check a key by itself', 'on_publish'],
  [
    srs('--push', 'rtmp://a/b/k3y'),
    'takes rtmp://HOST:PORT/live without a key',
    'rtmp://主机:端口/live',
  ],
  [srs('--work-folder', '/srv'), '--work-folder is only for nginx', '--work-folder 只能用于 nginx'],
  [srs('--record', '/srv/[app]'), '--record holds "["', '--record 里有 "["'],
  [nginx('--push', 'rtmps://a/b/k3y'), 'nginx cannot push by rtmps', 'nginx 不能用 rtmps 转推'],
  [nginx('--push', 'rtmp://u:p4ss@a/b/k3y'), 'nginx cannot log in', 'nginx 不能用用户名'],
  [nginx('--push', 'http://a/b/k3y'), 'begins neither with rtmp:// nor', 'rtmp://'],
  [nginx('--app', 'a b;'), '--app takes a name of letters', '--app 要写由字母'],
  [nginx('--rtmp', '0.0.0.0:0'), '--rtmp needs a port from 1 to 65535', '--rtmp 的端口必须是'],
  [nginx('--rtmp', 'a;b:1'), '--rtmp takes HOST:PORT such as', '--rtmp 要写成'],
  [
    nginx('--http', '127.0.0.1:1935'),
    '--http cannot have the same port as --rtmp.',
    '--http 不能和 --rtmp 用同一个端口',
  ],
  [nginx('--record', '$HOME/a'), '--record holds "$"', '--record 里有 "$"'],
  [nginx('--work-folder', '/srv/a\tb'), '--work-folder holds an invisible', '--work-folder 里有'],
  [nginx('--publish-key-env', 'NOT_SET'), '"NOT_SET" of --publish-key-env is not set', '没有设置'],
  [nginx('--publish-key-env', 'EMPTY'), '"EMPTY" of --publish-key-env is empty', '是空的'],
  [
    nginx('--publish-key-env', 'LONG'),
    '--publish-key-env holds a key that is too long',
    '密钥太长',
  ],
  [nginx('--publish-key-env', 'BROKEN'), '--publish-key-env holds ', '--publish-key-env 里有'],
] as const)('%j', (args, english, chinese) => {
  test('is refused in both languages, without its secrets', async () => {
    const error = await written(args).catch((thrown: unknown) => thrown);
    if (!(error instanceof AppError)) throw new Error('it was taken');
    const answers = [cliEnglish, cliChinese].map(({ error: say }) => say(error.info).message);
    for (const [index, says] of [english, chinese].entries()) {
      expect(answers[index]).toContain(says);
      expect(answers[index]).not.toMatch(/k3y|p4ss/);
    }
    expect(JSON.stringify(error.info)).not.toMatch(/k3y|p4ss/);
  });
});

test('--app is the application everywhere, and an edge fetches from its origin', async () => {
  const more = ['--hls', '--app', '直播', '--http', '127.0.0.1:8081'];
  const text = await written(nginx(...edge, ...more));
  expect(text).toContain('server 192.0.2.1:8081;');
  expect(text).toContain('pull "rtmp://192.0.2.1:1935/直播";');
  expect(text).toContain('application 直播 {');
  const http = ['--origin-http', '[2001:db8::1]:80'];
  expect(await written(nginx(...edge, ...more, ...http))).toContain('server [2001:db8::1]:80;');
});

test.each([
  ['rtmp://a/b/c?d=e', 'push rtmp://a:1935 app=b tcUrl=rtmp://a:1935/b playPath=c?d=e;'],
  ['rtmp://[::1]:1936/b', 'push rtmp://[::1]:1936 app=b tcUrl=rtmp://[::1]:1936/b;'],
  ['rtmp://a', 'push rtmp://a:1935;'],
  ['rtmp://a/b/c$"{', String.raw`push rtmp://a:1935 app=b tcUrl=rtmp://a:1935/b "playPath=c$\"{";`],
])('--push %s', async (url, line) => {
  expect(await written(nginx('--push', url))).toContain(line);
});

test('SRS passes on under the same application and name', async () => {
  const text = await written(srs('--push', 'rtmp://a/live', '--push', 'rtmp://[::1]:1936'));
  expect(text).toContain('destination a:1935 [::1]:1936;');
});
