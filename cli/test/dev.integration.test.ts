import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { accepts } from '../../test/support/accepts.js';
import { isRunning } from '../../test/support/processes.js';
import { until } from '../../test/support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;

/** Sources of our own to change: what `npm run dev` reads, beside everybody else's packages. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'tallylight-dev-'));
  const left = new Set(['node_modules', 'dist', 'test']);
  const filter = (path: string): boolean => !left.has(basename(path));
  const files = ['package.json', 'package-lock.json', 'tsconfig.base.json'];
  for (const name of [...files, 'electron.vite.config.ts', 'packages', 'cli', 'renderer']) {
    await cp(join(root, name), join(copy, name), { recursive: true, filter });
  }
  await cp(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true });
  await mkdir(join(copy, 'node_modules', '@tallylight'), { recursive: true });
  const link = (from: string, to: string) => symlink(from, join(copy, to));
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name.startsWith('.') || name === '@tallylight' || name === 'node-rtmp-client') continue;
    await link(join(root, 'node_modules', name), `node_modules/${name}`);
  }
  await link('../packages/node-rtmp-client', 'node_modules/node-rtmp-client');
  for (const name of await readdir(join(root, 'packages'))) {
    if (name === 'node-rtmp-client') continue;
    await link(`../../packages/${name}`, `node_modules/@tallylight/${name}`);
  }
  await link(join(root, 'cli', 'node_modules'), 'cli/node_modules');
});
afterAll(() => rm(copy, { recursive: true, force: true }));

interface DevEvent {
  readonly type: 'ready' | 'engine';
  readonly url?: string;
  readonly state?: string;
  readonly pid?: number;
}

function startDev() {
  const child = spawn(process.execPath, [join(copy, 'scripts', 'dev.mjs'), '--json'], {
    env: {
      ...process.env,
      TALLYLIGHT_DATA_DIR: join(copy, 'data'),
      TALLYLIGHT_SECRETS: 'key-file',
    },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const force = setTimeout(() => child.kill('SIGKILL'), 100_000);
  const exit = once(child, 'exit').finally(() => clearTimeout(force));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<DevEvent> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`it ended: ${stderr}`);
    return JSON.parse(line.value) as DevEvent;
  };
  return { child, exit, next };
}

/** Resolves when the page is told that a file has changed. Vite may also reload it because it has bundled packages anew. */
async function told(socket: WebSocket, file: string): Promise<void> {
  for await (const [data] of on(socket, 'message', { signal: AbortSignal.timeout(30_000) })) {
    const text = String(data);
    const { type } = JSON.parse(text) as { type: string };
    if ((type === 'update' || type === 'full-reload') && text.includes(file)) return;
  }
}

test('npm run dev shows what changes, starts a changed engine again, and leaves nothing behind', async () => {
  const dev = startDev();
  const first = await dev.next();
  expect(first).toMatchObject({ type: 'engine', state: 'started' });
  const { url } = await dev.next();
  const link = new URL(String(url));

  // Whoever has not opened the link gets neither the page nor a source.
  for (const path of ['/', '/src/main.tsx', '/@vite/client']) {
    expect((await fetch(link.origin + path)).status).toBe(403);
  }
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const get = async (path: string): Promise<string> =>
    (await fetch(link.origin + path, { headers: { cookie } })).text();
  expect(await get('/')).toContain('/@vite/client');
  expect(await get('/src/main.tsx')).toContain('getElementById("root")');
  const token = /wsToken = "([^"]+)"/.exec(await get('/@vite/client'))?.[1] ?? '';

  const headers = { cookie, origin: link.origin };
  const dial = (path: string, protocols: string[] = []): WebSocket =>
    new WebSocket(`ws://${link.host}${path}`, protocols, { headers });
  const hotReload = dial(`/?token=${token}`, ['vite-hmr']);
  await once(hotReload, 'open');
  const shown = told(hotReload, 'main.tsx');
  await appendFile(join(copy, 'renderer/src/main.tsx'), '\n// changed\n');
  await shown;

  const source = join(copy, 'packages/engine/src/app-error.ts');
  await appendFile(source, '\n// changed\n');
  const second = await dev.next();
  expect(second).toMatchObject({ type: 'engine', state: 'started' });
  expect(second.pid).not.toBe(first.pid);
  expect(await isRunning(first.pid ?? 0)).toBe(false);

  await appendFile(source, '\nthis is no code\n');
  expect(await dev.next()).toMatchObject({ type: 'engine', state: 'broken' });
  // The window's sockets reach the engine that still runs.
  const sockets = ['/rpc', '/media'].map((path) => dial(`${path}?window=1`));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));

  dev.child.kill('SIGTERM');
  expect((await dev.exit)[0]).toBe(0);
  expect(await isRunning(second.pid ?? 0)).toBe(false);
  expect(await accepts(Number(link.port))).toBe(false);
});

test.skipIf(process.platform === 'win32')('its engine ends when it is killed', async () => {
  const dev = startDev();
  const { pid } = await dev.next();
  dev.child.kill('SIGKILL');
  await dev.exit;
  await until('the engine to end', async () => !(await isRunning(pid ?? 0)));
});
