import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-api-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs typedoc over one file by the rules of the library. @returns its exit code, and what it says. */
async function check(source: string): Promise<{ readonly code: number; readonly said: string }> {
  const options = join(root, 'packages/node-rtmp-client/typedoc.json');
  const rules = JSON.parse(await readFile(options, 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, 'planted.ts'), source);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { strict: true, types: [] }, files: ['planted.ts'] }),
  );
  await writeFile(
    join(folder, 'typedoc.json'),
    JSON.stringify({ ...rules, entryPoints: ['planted.ts'], readme: 'none' }),
  );
  const typedoc = join(root, 'node_modules/typedoc/bin/typedoc');
  const args = [typedoc, '--options', join(folder, 'typedoc.json'), '--emit', 'none'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

test('the check of the API pages finds a public symbol without a comment', async () => {
  const { code, said } = await check(`/** Says it. */
export const documented = (): number => 1;
export const planted = (): number => 2;
`);
  expect(code).not.toBe(0);
  expect(said.match(/does not have any documentation/g)).toHaveLength(1);
  expect(said).toMatch(/planted \(CallSignature\).* does not have any documentation/);
}, 60_000);
