import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectChannel } from './channels.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

let folder: string;

/** What ships, in a folder without node_modules but for the stand-in. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-bundle-'));
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const outDir = join(folder, 'out');
  await run(process.execPath, [electronVite, 'build', '--outDir', outDir, '--logLevel', 'error'], {
    cwd: root,
  });
  const electron = join(folder, 'node_modules/electron');
  await mkdir(electron, { recursive: true });
  const standIn = await readFile(join(root, 'electron/test/electron-stand-in.ts'), 'utf8');
  const { outputText } = ts.transpileModule(standIn, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  await writeFile(join(electron, 'index.mjs'), outputText);
  await writeFile(join(electron, 'package.json'), '{"exports":"./index.mjs"}');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await cp(join(root, 'electron/test/boot-bundle.mjs'), join(folder, 'boot-bundle.mjs'));
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the built main process', () => {
  it('starts and answers a window with nothing but itself', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'boot-bundle.mjs')], {
      timeout: 60_000,
    });
    expect(stdout).toContain('"shell":"electron"');
  }, 90_000);

  it('brings the built-in server’s page', async () => {
    const ofPackage = await readdir(join(root, 'packages/engine/assets/viewer'));
    const files = await readdir(join(folder, 'out/viewer'));
    expect(files.sort()).toEqual([...ofPackage, 'mpegts.js', 'hls.js', 'dash.js'].sort());
    expect(await readdir(join(folder, 'out/viewer/players'))).toContain('flv.js');
  });
});

describe('the built preload', () => {
  interface Bridge {
    readonly shell: string;
    requestPorts(nonce: unknown): void;
    pathOf(file: unknown): string;
  }

  /** Runs it as a sandboxed preload is run: a script with a `require` that knows `electron` and little else. */
  async function load() {
    const sent: unknown[][] = [];
    const posted: unknown[][] = [];
    let bridge: Bridge | undefined;
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: Bridge) => {
          expect(name).toBe('tallylight');
          bridge = api;
        },
      },
      webUtils: { getPathForFile: ({ name }: { name: string }) => `/films/${name}` },
      ipcRenderer: { postMessage: (...message: unknown[]) => sent.push(message) },
    };
    runInNewContext(await readFile(join(folder, 'out/preload/preload.cjs'), 'utf8'), {
      MessageChannel,
      TypeError,
      window: {
        location: { origin: 'app://tallylight' },
        postMessage: (...message: unknown[]) => posted.push(message),
      },
      require: (name: string) => {
        if (name !== 'electron') throw new Error(`a sandboxed preload has no ${name}`);
        return electron;
      },
    });
    if (!bridge) throw new Error('nothing was exposed');
    return { bridge, sent, posted };
  }

  it('is one file', async () => {
    expect(await readdir(join(folder, 'out/preload'))).toEqual(['preload.cjs']);
  });

  it('hands two ports to the page and their other ends to the main process', async () => {
    const { bridge, sent, posted } = await load();
    expect(bridge.shell).toBe('electron');
    expect(bridge.pathOf({ name: 'a.mp4' })).toBe('/films/a.mp4');
    bridge.requestPorts('a-nonce');
    expect(sent).toEqual([[connectChannel, undefined, [expect.anything(), expect.anything()]]]);
    expect(posted).toEqual([
      [
        { type: 'tallylight-ports', nonce: 'a-nonce' },
        'app://tallylight',
        [expect.anything(), expect.anything()],
      ],
    ]);
  });

  it('takes nothing but a nonce', async () => {
    const { bridge, sent } = await load();
    for (const wrong of [undefined, 7, {}, 'x'.repeat(1000)]) {
      expect(() => bridge.requestPorts(wrong)).toThrow(TypeError);
    }
    expect(sent).toEqual([]);
  });
});
