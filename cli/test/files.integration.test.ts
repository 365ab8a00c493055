import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './run-cli.js';

// One rule for every file that a command writes: one that exists is never touched.

let folder = '';
let connections = 0;
const server = new RtmpServer({ onPlay: () => Promise.resolve(void (connections += 1)) });
let url = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-files-'));
  await writeFile(join(folder, 'precious.flv'), 'precious');
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `rtmp://127.0.0.1:${port}/live/k3y-of-files`;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  { name: 'play --output', args: () => ['play', url, '--output'] },
  { name: 'publish --trace', args: () => ['publish', '--source', 'test', '--to', url, '--trace'] },
  {
    name: 'publish --record',
    args: () => ['publish', '--source', 'test', '--to', url, '--record'],
  },
  { name: 'profiles export', args: () => ['profiles', 'export'] },
  {
    name: 'server-config --output',
    args: () => ['server-config', 'nginx', '--hls', '--output'],
  },
])('$name', ({ args }) => {
  test('leaves a file that exists alone, and says so before it connects', async () => {
    const file = join(folder, 'precious.flv');
    const { code, stderr } = await runCli([...args(), file]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`${file} cannot be written: the file exists already`);
    expect(stderr).toContain('Choose another name');
    expect(stderr).not.toContain('--help');
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect(connections).toBe(0);
  });

  test('says of a folder that it is one', async () => {
    const path = join(folder, 'folder.flv');
    await mkdir(path, { recursive: true });
    const { code, stderr } = await runCli([...args(), path]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(
      `${path} cannot be written: it is a folder.\n  Name a file in this folder.`,
    );
  });

  test.skipIf(!existsSync('/proc/self'))(
    'is refused where no file can be made, before it connects',
    async () => {
      const { code, stderr } = await runCli([...args(), '/proc/new.flv']);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain('/proc/new.flv cannot be written: no file can be made');
      expect(connections).toBe(0);
    },
  );
});

test.skipIf(!existsSync('/dev/null'))('a device is written to', async () => {
  const { code, stderr } = await runCli(['profiles', 'export', '/dev/null']);
  expect(code, stderr).toBe(0);
  expect(existsSync('/dev/null')).toBe(true);
});

test.skipIf(!existsSync('/proc/self'))(
  'a folder that takes no files is not called absent',
  async () => {
    const { code, stderr } = await runCli(['profiles', 'export', '/proc/new.json']);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('no file can be made in this folder.\n  Choose another folder.');
  },
);

test.each([
  {
    args: ['nowhere.json'],
    says: 'nowhere.json cannot be read: there is no such file.\n  Check the name',
  },
  {
    args: ['-'],
    says: 'Standard input cannot be read: it does not hold exported profiles.\n  Give it what "profiles export" wrote.',
  },
  {
    args: ['-'],
    stdin: '{"a":1}',
    says: 'Standard input cannot be read: it does not hold exported profiles.\n  Give it what "profiles export" wrote.',
  },
  {
    args: ['-'],
    stdin: '\uFEFF{"type":"tallylight-profiles","version":2}',
    says: 'Standard input cannot be read: a newer version of Tallylight exported it.\n  Update Tallylight',
  },
])('profiles import $args of $stdin says what helps', async ({ args, says, stdin = '{' }) => {
  const { code, stderr } = await runCli(['profiles', 'import', ...args], { stdin });
  expect(code, stderr).toBe(2);
  expect(stderr).toContain(says);
});

test('a player that never got anything leaves no file', async () => {
  const file = join(folder, 'nothing.flv');
  expect((await runCli(['play', url, '--output', file, '--duration', '1'])).code).not.toBe(0);
  expect(existsSync(file)).toBe(false);
});
