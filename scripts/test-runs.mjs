import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './steps.mjs';

/** @typedef {{ ok: boolean, passed: number, failed: number, skipped: number }} TestRun */

/** @returns {Promise<TestRun>} */
export const unitTests = () => vitest('unit');

/** @returns {Promise<TestRun>} */
export const integrationTests = () => vitest('protocol', 'integration');

/** What takes minutes. @returns {Promise<TestRun>} */
export const longerTests = () => vitest('longer');

/**
 * The library against the RTMP of others.
 *
 * @param {{ name: string }[]} missing what there is not of them
 * @param {{ only?: string[], matrix?: string }} [options] a part of the cases; the file to write the table into
 * @returns {Promise<number>} the exit code
 */
export const interopTests = (missing, { only = [], matrix } = {}) =>
  run(
    'npx',
    [
      ...['vitest', 'run', '--config', 'packages/node-rtmp-client/interop/vitest.config.ts'],
      ...only,
    ],
    {
      INTEROP_MISSING: missing.map((part) => part.name).join(),
      ...(matrix !== undefined && { INTEROP_MATRIX: matrix }),
    },
  );

/** @returns {Promise<TestRun>} */
export const endToEndTests = () =>
  counted(async (report) => {
    const code = await run('npx', ['playwright', 'test', '--config', 'e2e/playwright.config.ts'], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
    return {
      code,
      count: ({ stats }) => [stats.expected, stats.unexpected + stats.flaky, stats.skipped],
    };
  });

/** @param {string[]} projects @returns {Promise<TestRun>} */
const vitest = (...projects) =>
  counted(async (report) => {
    const code = await run('npx', [
      ...['vitest', 'run', ...projects.flatMap((project) => ['--project', project])],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ]);
    return {
      code,
      count: (r) => [r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests],
    };
  });

/**
 * Runs a test runner that leaves a JSON report, and reads its counts.
 *
 * @param {(report: string) => Promise<{ code: number, count: (report: any) => number[] }>} start
 * @returns {Promise<TestRun>}
 */
async function counted(start) {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-report-'));
  const report = join(folder, 'report.json');
  try {
    const { code, count } = await start(report);
    const [passed = 0, failed = 0, skipped = 0] = await readFile(report, 'utf8').then(
      (text) => count(JSON.parse(text)),
      () => [0, 1, 0], // No report: the runner itself failed.
    );
    return { ok: code === 0, passed, failed, skipped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
