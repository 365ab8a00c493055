import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  descendants,
  isRunning,
  runningProcesses,
  type RunningProcess,
} from '../../../../test/support/processes.js';
import { until } from '../../../../test/support/until.js';
import { OwnedProcess } from '../../src/ffmpeg/owned-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-owned-'));
  await compileCapture();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The owner must be a process of its own to be killed, and Node runs no TypeScript: the folder as JavaScript. */
async function compileCapture(): Promise<void> {
  const sources = fileURLToPath(new URL('../../src/ffmpeg/', import.meta.url));
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  for (const name of await readdir(sources)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const text = await readFile(join(sources, name), 'utf8');
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { ...options, verbatimModuleSyntax: true },
    });
    await writeFile(join(folder, name.replace(/\.ts$/, '.js')), outputText);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
  await symlink(modules, join(folder, 'node_modules'));
}

/** Without these it would write to its closed log, and end by itself. */
const silent = ['-nostats', '-loglevel', 'quiet'];
const moving = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180', '-f', 'flv', 'pipe:1'];

describe.skipIf(process.platform !== 'linux')('an owner that is killed', () => {
  /** A process that owns one ffmpeg, and everything below it once ffmpeg itself runs. */
  async function owner(args: string[]): Promise<[ChildProcess, RunningProcess[]]> {
    const script = `
      import { OwnedProcess } from './owned-process.js';
      const owned = new OwnedProcess('ffmpeg', ${JSON.stringify(args)});
      for (const name of ['media', 'log', 'preview', 'progress']) owned.output(name).resume();
      await owned.exited;`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    const { pid } = child;
    if (pid === undefined) throw new Error('node could not be started');
    const below = await until('ffmpeg and its guard', async () => {
      const found = await descendants(pid);
      const started = found.some(({ commandLine }) => commandLine.startsWith('ffmpeg'));
      return started && found.length >= 2 && found;
    });
    return [child, below];
  }

  async function expectGone(child: ChildProcess, below: RunningProcess[]): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
    try {
      for (const { pid, commandLine } of below) {
        await until(`the end of ${commandLine}`, async () => !(await isRunning(pid)));
      }
    } finally {
      for (const { pid } of below) if (await isRunning(pid)) process.kill(pid, 'SIGKILL');
    }
  }

  it('leaves no ffmpeg behind that writes', async () => {
    await expectGone(...(await owner(moving)));
  });

  it('leaves no ffmpeg behind that waits for its input to open and writes nothing', async () => {
    const pipe = join(folder, 'never-written');
    execFileSync('mkfifo', [pipe]);
    const [child, below] = await owner([...silent, '-f', 'flv', '-i', pipe, '-f', 'flv', 'pipe:1']);
    await expectGone(child, below);
  });

  it('leaves no ffmpeg behind that runs on without writing to anybody', async () => {
    await expectGone(
      ...(await owner([...silent, '-re', '-f', 'lavfi', '-i', 'sine', '-f', 'null', '-'])),
    );
  });
});

describe('an ffmpeg that is stopped', () => {
  it('is gone when that is said, also when it does not answer', async () => {
    const hung = new OwnedProcess('/bin/sh', ['-c', 'trap "" TERM; echo up; while :; do :; done']);
    await once(hung.output('media'), 'data');
    await hung.stop(200);
    expect((await hung.exited).signal).toBe('SIGKILL');
    expect((await runningProcesses()).filter(({ pid }) => pid === hung.pid)).toEqual([]);
  });

  it('takes its guard with it', async () => {
    const before = await descendants(process.pid);
    const owned = new OwnedProcess('ffmpeg', moving);
    await once(owned.output('media'), 'data');
    expect((await descendants(process.pid)).length).toBe(before.length + 2);
    await owned.stop();
    await until('the guard', async () => (await descendants(process.pid)).length === before.length);
  });

  it('says so when it cannot be started', async () => {
    const absent = new OwnedProcess(join(folder, 'absent'), []);
    expect((await absent.closed).code).toBe(127);
  });

  it('gets no secrets in its environment', async () => {
    process.env['TALLYLIGHT_TEST_KEY'] = 'sk_do_not_pass_on';
    const owned = new OwnedProcess('/bin/sh', ['-c', 'env']);
    let text = '';
    owned.output('media').on('data', (bytes: Buffer) => (text += bytes.toString()));
    await owned.closed;
    delete process.env['TALLYLIGHT_TEST_KEY'];
    expect(text).toContain('PATH=');
    expect(text).not.toContain('sk_do_not_pass_on');
  });
});
