import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = 'packages/node-rtmp-client/src';
const engine = 'packages/engine/src';

/** One violation a line of the law: the rule that must find it, the file that breaks it, what it imports. */
const violations: [rule: string, file: string, imports: string][] = [
  ['library', `${library}/session/planted.ts`, 'zod'],
  ['library-async', `${library}/async/planted.ts`, '../bytes/target.js'],
  ['library-address', `${library}/address/planted.ts`, 'node:net'],
  ['library-redact', `${library}/redact/planted.ts`, '../session/target.js'],
  ['library-bytes', `${library}/bytes/planted.ts`, '../amf/target.js'],
  ['library-session', `${library}/session/planted-socket.ts`, 'node:net'],
  ['library-live', `${library}/live/planted.ts`, '../session/target.js'],
  ['library-net', `${library}/net/planted.ts`, '../client/target.js'],
  ['library-net', `${library}/net/planted-server.ts`, '../server/target.js'],
  ['library-client', `${library}/client/planted.ts`, '../server/target.js'],
  ['library-server', `${library}/server/planted.ts`, '../client/target.js'],
  ['library-flv', `${library}/flv/planted.ts`, '../session/target.js'],
  ['contract', 'packages/contract/src/planted.ts', 'node:fs'],
  ['frame-grid', 'packages/frame-grid/src/planted.ts', '../../engine/src/target.js'],
  ['only-electron-imports-electron', 'packages/engine/src/planted.ts', 'electron'],
  ['engine', 'packages/engine/src/planted-shell.ts', '../../../cli/src/target.js'],
  ['engine-broadcast', `${engine}/broadcast/planted.ts`, '../outputs/rtmp/target.js'],
  ['engine-outputs-apart', `${engine}/outputs/recording/planted.ts`, '../rtmp/target.js'],
  ['engine-sources', `${engine}/sources/planted.ts`, '../outputs/rtmp/target.js'],
  ['engine-devices', `${engine}/devices/planted.ts`, '../sources/target.js'],
  ['engine-window', `${engine}/server/planted.ts`, '../window/target.js'],
  ['cli', 'cli/src/planted.ts', '../../renderer/src/state/target.js'],
  ['renderer', 'renderer/src/state/planted.ts', 'node:fs'],
  ['renderer', 'renderer/src/media/planted.ts', '../../../packages/engine/src/target.js'],
  [
    'renderer',
    'renderer/src/media/planted-library.ts',
    '../../../packages/node-rtmp-client/src/session/target.js',
  ],
  ['renderer-state', 'renderer/src/state/planted-command.ts', '../control/target.js'],
  ['renderer-state-opens-nothing', 'renderer/src/state/planted-media.ts', '../media/target.js'],
  ['renderer-control', 'renderer/src/control/planted.ts', '../features/two/target.js'],
  ['renderer-media', 'renderer/src/media/planted-store.ts', '../state/target.js'],
  ['renderer-ui', 'renderer/src/ui/planted.ts', '../state/target.js'],
  ['renderer-features', 'renderer/src/features/one/planted.ts', '../../transport/target.js'],
  ['renderer-features', 'renderer/src/features/one/planted-media.ts', '../../media/target.js'],
  ['renderer-transport', 'renderer/src/control/planted-shell.ts', '../transport/target.js'],
  ['renderer-features-apart', 'renderer/src/features/one/planted-two.ts', '../two/target.js'],
];

const targets = [
  `${library}/amf/target.ts`,
  `${library}/bytes/target.ts`,
  `${library}/session/target.ts`,
  `${library}/client/target.ts`,
  `${library}/server/target.ts`,
  'cli/src/target.ts',
  'packages/engine/src/target.ts',
  `${engine}/outputs/rtmp/target.ts`,
  `${engine}/sources/target.ts`,
  `${engine}/window/target.ts`,
  'renderer/src/state/target.ts',
  'renderer/src/control/target.ts',
  'renderer/src/media/target.ts',
  'renderer/src/transport/target.ts',
  'renderer/src/features/two/target.ts',
];

let folder: string;
let found: { rule: string; from: string }[];

async function plant(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** Runs the law over the planted tree; it exits non-zero by design, so only its report counts. */
const cruise = (): Promise<string> =>
  new Promise((resolve) => {
    const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const args = [command, '--output-type', 'json', 'packages', 'cli', 'renderer'];
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }, (_, stdout) => {
      resolve(stdout);
    });
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-law-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'tsconfig.tests.json']) {
    await cp(join(root, file), join(folder, file));
  }
  // The configuration must have something to include, or TypeScript's loader refuses it.
  await plant('test/planted.ts', 'export {};\n');
  for (const file of targets) await plant(file, 'export const target = 1;\n');
  for (const [, file, imports] of violations) await plant(file, `import '${imports}';\n`);

  const report = JSON.parse(await cruise()) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  found = report.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(violations)('the import law (%s) finds %s importing %s', (rule, from) => {
  expect(found).toContainEqual({ rule, from });
});

test('the import law finds a cycle', async () => {
  await plant('cli/src/one.ts', "import './two.js';\nexport const one = 1;\n");
  await plant('cli/src/two.ts', "import './one.js';\nexport const two = 2;\n");
  expect(await cruise()).toContain('"no-cycles"');
});
