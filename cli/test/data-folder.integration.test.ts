import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, killLeftovers, runCli, runProcess } from './run-cli.js';

// Where profiles and settings are kept: every command that needs the folder says the same of one that cannot be used.

let root = '';
beforeAll(async () => {
  await buildCli();
  root = await mkdtemp(join(tmpdir(), 'tallylight-data-'));
  await chmod(root, 0o755);
  await writeFile(join(root, 'file'), 'precious');
  await mkdir(join(root, 'locked'), { mode: 0o555 });
});
afterEach(killLeftovers);
afterAll(() => rm(root, { recursive: true, force: true }));

/** The superuser may write to everything, and so proves nothing. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;

const reading = [
  ['profiles', 'list'],
  ['profiles', 'export'],
  ['check', '--profile', 'a'],
  ['publish', '--source', 'test', '--profile', 'a'],
];
const writing = [
  ['profiles', 'add', 'a', '--url', 'rtmp://a/b', '--key', 'k'],
  ['profiles', 'add', 'a', '--url', 'rtmp://a/b', '--key', ''],
  ['profiles', 'remove', 'a'],
  ['profiles', 'import', '-'],
  ['studio', '--no-open', '--window', '.'],
];
const exported = JSON.stringify({
  type: 'tallylight-profiles',
  version: 1,
  profiles: [{ name: 'a', serverUrl: 'rtmp://a/b', streamKey: 'k' }],
});

async function expectRefusal(
  folder: string,
  args: readonly string[],
  why: { readonly english: string; readonly chinese: string },
  uid?: number,
): Promise<void> {
  const windowFolder = join(root, 'window');
  await mkdir(windowFolder, { recursive: true });
  await writeFile(join(windowFolder, 'index.html'), '');
  const command = args.map((word) => (word === '.' ? windowFolder : word));
  for (const [lang, message] of [
    ['en', `✗ The folder ${folder} cannot hold profiles and settings: ${why.english}.`],
    ['zh-CN', `✗ 文件夹“${folder}”不能用来保存推流配置和设置：${why.chinese}。`],
  ] as const) {
    const words = ['--lang', lang, '--data-dir', folder, ...command];
    const { code, stderr } =
      uid === undefined
        ? await runCli(words, { stdin: exported })
        : await runProcess(words, { stdin: exported, uid });
    expect(stderr, args.join(' ')).toContain(`${message}\n`);
    expect(stderr).toContain('--data-dir');
    expect(code, stderr).toBe(2);
  }
}

describe('a data folder that cannot be used is named, with what to do, and the exit code of wrong usage', () => {
  const file = { english: 'it is a file, not a folder', chinese: '这是一个文件，不是文件夹' };
  const below = {
    english: 'a part of its path is not a folder',
    chinese: '路径中有一段不是文件夹',
  };
  const denied = { english: 'permission denied', chinese: '没有权限' };
  const nowhere = { english: 'no folder can be made there', chinese: '那里不能新建文件夹' };

  test.each([...reading, ...writing])(
    'a file, and what would be below it: %s %s %s',
    async (...args) => {
      await expectRefusal(join(root, 'file'), args, file);
      await expectRefusal(join(root, 'file', 'sub'), args, below);
      expect(await readFile(join(root, 'file'), 'utf8')).toBe('precious');
    },
  );

  // There is nothing to remove where there is nothing.
  const making = writing.filter(([, name]) => name !== 'remove');
  test.skipIf(!existsSync('/proc/self')).each(making)(
    'a place where the system makes none: %s %s',
    (...args) => expectRefusal('/proc/tallylight', args, nowhere),
  );

  test.skipIf(process.platform === 'win32').each(making)(
    'one that may not be written to: %s %s',
    async (...args) => {
      await expectRefusal(join(root, 'locked'), args, denied, nobody);
      expect(await readdir(join(root, 'locked'))).toEqual([]);
    },
  );

  test.skipIf(process.platform === 'win32')('one that may not be entered', async () => {
    const folder = join(root, 'sealed');
    await mkdir(folder, { mode: 0o000 });
    await expectRefusal(folder, ['profiles', 'list'], denied, nobody);
  });
});

test('reading makes no folder', async () => {
  const folder = join(root, 'not-there');
  for (const args of [
    ['profiles', 'list'],
    ['profiles', 'export'],
    ['check', '--profile', 'a'],
  ]) {
    await runCli(['--data-dir', folder, ...args]);
    expect(existsSync(folder), args.join(' ')).toBe(false);
  }
});

test.skipIf(process.platform === 'win32')(
  'what "profiles add" offers is run as it is printed',
  async () => {
    const folder = join(root, 'new "folder"');
    const add = ['profiles', 'add', '甲 $1', '--url', 'rtmp://127.0.0.1:1/live', '--key', 'k'];
    const { stderr, code } = await runCli(['--lang', 'zh-CN', '--data-dir', folder, ...add]);
    expect(code, stderr).toBe(0);
    const offered = /开播命令：tallylight (.*)\n/.exec(stderr)?.[1] ?? '';
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${offered}`], { encoding: 'utf8' });
    const run = await runCli(words.split('\0').slice(0, -1));
    // It is the server that is missing, and not the profile.
    expect(run.stderr).toContain('127.0.0.1 拒绝连接（端口 1）');
    expect(run.code).toBe(3);
    // A profile that there is not: the list of the same folder is offered.
    const wrong = await runCli(['--data-dir', folder, 'profiles', 'remove', '乙']);
    expect(wrong.stderr).toContain(`Run "tallylight --data-dir '${folder}' profiles list"`);
  },
);

test('profiles import says that a file has none', async () => {
  const exported = await runCli(['--data-dir', join(root, 'without'), 'profiles', 'export']);
  const stdin = exported.stdout;
  const { code, stderr } = await runCli(
    ['--data-dir', join(root, 'none imported'), 'profiles', 'import', '-'],
    { stdin },
  );
  expect(code).toBe(0);
  expect(stderr).toContain('There is no profile in the file.');
});

describe('profiles import says what became of the key', () => {
  const importing = (folder: string, profile: object) =>
    runCli(['--data-dir', folder, 'profiles', 'import', '-', '--json'], {
      stdin: JSON.stringify({
        ...{ type: 'tallylight-profiles', version: 1 },
        profiles: [{ name: 'Church', serverUrl: 'rtmp://a/b', ...profile }],
      }),
    });

  test('none, with how to add it, which is run as it is printed; then that it stays, or is another', async () => {
    const folder = join(root, 'imported here');
    const without = await importing(folder, { user: 'me' });
    expect(without.stderr).toContain('Imported "Church".\n  It has no stream key; add it with: ');
    const [, words = ''] = /add it with: tallylight (.*)\n/.exec(without.stderr) ?? [];
    expect(words).toBe(`--data-dir "${folder}" profiles edit "Church"`);
    const command = ['--data-dir', folder, 'profiles', 'edit', 'Church'];
    expect(without.stderr).toContain(`${words} --user "me" --password-env VARIABLE`);

    const edited = await runCli([...command, '--json'], { stdin: 'k3y-of-church\n' });
    expect(edited.code, edited.stderr).toBe(0);
    expect(edited.summary['profile']).toMatchObject({ hasKey: true, user: 'me' });
    expect(edited.stdout + edited.stderr).not.toContain('k3y-of-church');
    const signed = await runCli([...command, '--user', 'you', '--password-env', 'P', '--json'], {
      env: { P: 'w0rd' },
    });
    expect(signed.summary['profile']).toMatchObject({
      hasKey: true,
      user: 'you',
      hasPassword: true,
    });

    const again = await importing(folder, {});
    expect(again.stderr).toContain('to the same server as before.\n  Its saved stream key stays.');
    expect(again.summary['profiles']).toMatchObject([{ key: 'kept', hasKey: true }]);
    const withKey = await importing(folder, { streamKey: 'k3y-new' });
    expect(withKey.stderr).toContain('Its stream key was imported, too.');
    const elsewhere = await importing(folder, { serverUrl: 'rtmp://c/d' });
    expect(elsewhere.stderr).toContain('what was saved for the former was not kept.\n  It has no');
    expect(elsewhere.summary['profiles']).toMatchObject([{ key: 'none', hasKey: false }]);
  });

  test('there is no key to be changed of what there is not, or comes with Tallylight', async () => {
    const edit = (name: string) => runCli(['profiles', 'edit', name, '--key', 'k', '--json']);
    expect((await edit('Nobody')).summary.lastError?.code).toBe('PROFILE_NOT_FOUND');
    expect((await edit('Built-in server')).summary.lastError?.code).toBe('PROFILE_READ_ONLY');
  });

  test('profiles edit takes a key away only when it is told to', async () => {
    const dataDir = join(root, 'edited');
    const run = (...args: string[]) => runCli(['--data-dir', dataDir, 'profiles', ...args]);
    await run('add', 'Church', '--url', 'rtmp://a/b', '--key', 'k3y-of-church');
    expect((await run('edit', 'Church')).stderr).toContain('saved stream key stays; --no-key');
    const { stdout } = await run('export', '--with-keys');
    expect(JSON.parse(stdout)).toMatchObject({ profiles: [{ streamKey: 'k3y-of-church' }] });
    const twice = await run('edit', 'Church', '--key', 'x', '--no-key');
    expect(twice.stderr).toContain('--key is given twice');
    expect(twice.code).toBe(2);
    expect((await run('edit', 'Church', '--no-key')).code).toBe(0);
  });

  test('profiles edit says what is odd about the key, as profiles add does', async () => {
    const dataDir = join(root, 'odd');
    const run = (...args: string[]) => runCli(['--data-dir', dataDir, 'profiles', ...args]);
    await run('add', 'Odd', '--url', 'rtmp://127.0.0.1/live', '--key', 'fine');
    expect((await run('edit', 'Odd', '--key', 'fine')).stderr).not.toContain('stream key of');
    const { code, stderr } = await run('edit', 'Odd', '--key', 'a b');
    expect(code).toBe(0);
    expect(stderr).toContain('The stream key of "Odd" has a space in it.');
  });
});
