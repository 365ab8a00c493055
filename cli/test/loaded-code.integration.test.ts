import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../test/support/free-port.js';
import { buildCli, killLeftovers, runProcess } from './run-cli.js';

const bundle = fileURLToPath(new URL('../dist/', import.meta.url));

/** Which modules each file of the bundle holds, by their paths in the repository. */
let chunks: Record<string, string[]> = {};

beforeAll(async () => {
  await buildCli();
  const text = await readFile(join(bundle, 'inputs.json'), 'utf8');
  ({ chunks } = JSON.parse(text) as { chunks: typeof chunks });
});
afterEach(killLeftovers);

interface Loaded {
  readonly code: number | null;
  readonly modules: string[];
}

/** Runs a command and lists what it loaded of the bundle, as V8 tells at its end. */
async function loadedBy(...args: string[]): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-loaded-'));
  try {
    const { code } = await runProcess(args, { env: { NODE_V8_COVERAGE: folder } });
    const reports = await Promise.all(
      (await readdir(folder)).map(async (name) => readFile(join(folder, name), 'utf8')),
    );
    const files = reports
      .flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result)
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => relative(bundle, fileURLToPath(url)))
      .filter((path) => Object.hasOwn(chunks, path));
    return { code, modules: files.flatMap((path) => chunks[path] ?? []) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const outside = (modules: string[], ...folders: string[]): string[] =>
  modules.filter((path) => !folders.some((folder) => path.includes(folder)));

test.each([
  ['--version', 0],
  ['--help', 0],
  ['publish --help', 0],
  ['profiles --help', 0],
  ['publish --no-such-option', 2],
  ['no-such-command', 2],
])(
  '%s loads the description of the commands and its words, and none of their code',
  async (line, expected) => {
    const { code, modules } = await loadedBy(...line.split(' '));
    expect(code).toBe(expected);
    expect(modules).toContain('cli/src/commands/publish-command.ts');
    const words = ['packages/messages/src/', 'node_modules/i18next/'];
    const parsing = ['cli/src/', 'node_modules/commander/', 'rolldown/runtime'];
    expect(outside(modules, ...parsing, ...words)).toEqual([]);
    expect(modules.filter((path) => /^cli\/src\/(studio|commands\/[^/]+)\//.test(path))).toEqual(
      [],
    );
  },
);

test('check loads what connects, and neither what captures nor what serves or keeps profiles', async () => {
  const url = `rtmp://127.0.0.1:${await freePort()}/live`;
  const { code, modules } = await loadedBy('check', url, '--json');
  expect(code).toBe(3);
  expect(modules).toContain('cli/src/commands/check/check.ts');
  const engine = 'packages/engine/src';
  const needless = ['broadcast', 'devices', 'ffmpeg', 'profiles', 'server', 'sources', 'window'];
  for (const folder of needless) {
    expect(modules.filter((path) => path.startsWith(`${engine}/${folder}/`))).toEqual([]);
  }
  expect(modules.filter((path) => path.includes('/pino/'))).toEqual([]);
});

test('publish loads neither the window’s side, nor what keeps keys, nor what writes logs', async () => {
  const to = `rtmp://127.0.0.1:${await freePort()}/live/key`;
  const { code, modules } = await loadedBy('publish', '--source', 'test', '--to', to, '--json');
  expect(code).toBe(3);
  expect(modules).toContain('packages/engine/src/broadcast/broadcast.ts');
  const needless = /\/engine\/src\/window\/|-secret-cipher|\/(@orpc|pino|mediabunny|execa|ws)\//;
  expect(modules.filter((path) => needless.test(path))).toEqual([]);
});
