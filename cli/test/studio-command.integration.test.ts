import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepts } from '../../test/support/accepts.js';
import { isRunning } from '../../test/support/processes.js';
import { until } from '../../test/support/until.js';
import { buildCli, runCli, startCli } from './run-cli.js';

beforeAll(buildCli);

describe('tallylight studio', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, then ends with 6', async (signal) => {
    const studio = startCli(['studio', '--no-open', '--json']);
    const { url } = await studio.line(({ type }) => type === 'ready');
    const link = new URL(String(url));
    expect(link.hostname).toBe('127.0.0.1');
    expect((await fetch(link.origin)).status).toBe(403);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303);

    studio.child.kill(signal);
    const { code, lines } = await studio.done;
    expect(code).toBe(6);
    expect(lines.map(({ type }) => type)).toEqual(['ready', 'summary']);
    expect(await accepts(Number(link.port))).toBe(false);
  });

  it('prints nothing but the link on stdout, and where no window opens, why', async () => {
    const studio = startCli(['studio'], { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } });
    const { stdout: out } = studio.child;
    if (!out) throw new Error('no stdout');
    const [line] = (await once(createInterface({ input: out }), 'line')) as [string];

    expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    studio.child.kill('SIGTERM');
    const { stdout, stderr } = await studio.done;
    expect(stdout).toBe(`${line}\n`);
    expect(stderr).toContain('No window was opened');
  });

  it.each(['65536', '-1', 'http', ''])('refuses the port "%s"', async (port) => {
    const { code, summary } = await runCli(['studio', `--port=${port}`, '--no-open', '--json']);
    expect(code).toBe(2);
    expect(summary.lastError?.code).toBe('INVALID_OPTION');
  });

  it('refuses a port that is taken', async () => {
    const first = startCli(['studio', '--no-open', '--json']);
    const { url } = await first.line(({ type }) => type === 'ready');
    const { port } = new URL(String(url));
    const { code, summary } = await runCli(['studio', '--port', port, '--no-open', '--json']);
    expect(code).toBe(2);
    expect(summary.lastError?.code).toBe('PORT_IN_USE');
    first.child.kill('SIGTERM');
    await first.done;
  });
});

describe.skipIf(process.platform === 'win32')('the window that studio opens', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-window-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A program in the place of a browser, which writes its arguments down. */
  async function browser(name: string, then: string): Promise<Record<string, string>> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$@" > "${path}.args"\n${then}\n`);
    await chmod(path, 0o755);
    return { TALLYLIGHT_BROWSER: path, DISPLAY: ':1' };
  }

  it('is a browser of its own, and its end is the end', async () => {
    const env = await browser('closing', 'exit 0');
    const { code, lines } = await startCli(['studio', '--json'], { env }).done;
    expect(code).toBe(0);
    const args = (await readFile(join(folder, 'closing.args'), 'utf8')).split('\n');
    expect(args).toContain(`--app=${String(lines[0]?.['url'])}`);
    expect(args.find((arg) => arg.startsWith('--user-data-dir='))).toMatch(/browser$/);
    expect(args).not.toContain('--no-sandbox');
  });

  it('may fail without ending the studio', async () => {
    const studio = startCli(['studio'], { env: await browser('failing', 'exit 9') });
    await until('the message', () => studio.output().stderr.includes('by hand'));
    studio.child.kill('SIGTERM');
    expect((await studio.done).code).toBe(6);
  });

  it('is closed when the studio is stopped', async () => {
    const env = await browser('staying', `echo $$ > "${folder}/pid"; exec sleep 600`);
    const studio = startCli(['studio', '--json'], { env });
    const text = await until('the browser', () =>
      readFile(join(folder, 'pid'), 'utf8').catch(() => undefined),
    );
    studio.child.kill('SIGTERM');
    expect((await studio.done).code).toBe(6);
    expect(await isRunning(Number(text))).toBe(false);
  });
});

describe('npm start', () => {
  it('says in one line that it uses the browser shell, prints the link, and passes signals and exit codes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-start-'));
    const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, '--no-open', '--json'], {
      env: {
        ...process.env,
        TALLYLIGHT_SHELL: 'browser',
        LC_ALL: 'zh_CN.UTF-8',
        TALLYLIGHT_DATA_DIR: folder,
        TALLYLIGHT_SECRETS: 'key-file',
      },
    });
    const exit = once(child, 'exit');
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    expect(JSON.parse(line)).toMatchObject({ type: 'ready' });
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(6);
    const said = stderr.split('\n').filter((text) => text.includes('Electron'));
    expect(said).toEqual([
      '没有使用 Electron（TALLYLIGHT_SHELL=browser）；Tallylight 将在浏览器里运行。',
    ]);
    await rm(folder, { recursive: true, force: true });
  });
});
