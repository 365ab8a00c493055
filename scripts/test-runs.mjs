import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './steps.mjs';

const outsideReporter = fileURLToPath(new URL('outside-tests.mjs', import.meta.url));

/**
 * `failures` are what failed, each with its file, its name and why: they are told again after everything else, since the
 * end is what is kept of a long run's output.
 *
 * @typedef {{ ok: boolean, passed: number, failed: number, skipped: number, failures: string[] }} TestRun
 */

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
export const endToEndTests = () => playwright('e2e/playwright.config.ts');

/** Of them, what takes most of a minute. @returns {Promise<TestRun>} */
export const longerEndToEndTests = () => playwright('e2e/longer.config.ts');

/** @param {string} config @returns {Promise<TestRun>} */
const playwright = (config) =>
  counted(config, async (report) => {
    const code = await run('npx', ['playwright', 'test', '--config', config], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
    return {
      code,
      count: ({ stats }) => [stats.expected, stats.unexpected + stats.flaky, stats.skipped],
      failures: (r) => [
        ...r.errors.map(({ message }) => message),
        ...r.suites.flatMap(failedSpecs),
      ],
    };
  });

/** @param {string[]} projects @returns {Promise<TestRun>} */
const vitest = (...projects) =>
  counted(`vitest ${projects.join()}`, async (report) => {
    const outside = `${report}.outside`;
    const code = await run(
      'npx',
      [
        ...['vitest', 'run', ...projects.flatMap((project) => ['--project', project])],
        ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
        `--reporter=${outsideReporter}`,
      ],
      { OUTSIDE_TESTS: outside },
    );
    const others = JSON.parse(await readFile(outside, 'utf8').catch(() => '[]'));
    return {
      code,
      count: (r) => [r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests],
      failures: (r) => [...others, ...r.testResults.flatMap(failedTests)],
    };
  });

/** Of one file of vitest's report: its tests that failed, and what kept them from running. */
const failedTests = (/** @type {any} */ { name, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  return [
    ...(message === '' ? [] : [`${file}\n${message}`]),
    ...assertionResults
      .filter((/** @type {any} */ each) => each.status === 'failed')
      .map((/** @type {any} */ each) => `${file} › ${each.fullName}\n${each.failureMessages[0]}`),
  ];
};

/**
 * Of one suite of Playwright's report: its tests that failed, or passed only when they were tried again.
 *
 * @param {any} suite
 * @returns {string[]}
 */
const failedSpecs = ({ file, specs, suites = [] }) => [
  ...specs.flatMap((/** @type {any} */ { title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => `${file} › ${title}\n${results[0]?.error?.message ?? ''}`),
  ),
  ...suites.flatMap(failedSpecs),
];

/**
 * Runs a test runner that leaves a JSON report, and reads its counts.
 *
 * @param {string} name
 * @param {(report: string) => Promise<{ code: number, count: (report: any) => number[],
 *   failures: (report: any) => string[] }>} start
 * @returns {Promise<TestRun>}
 */
async function counted(name, start) {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-report-'));
  const report = join(folder, 'report.json');
  try {
    const { code, count, failures } = await start(report);
    const text = await readFile(report, 'utf8').catch(() => undefined);
    // No report: the runner itself failed.
    if (text === undefined) {
      return {
        ok: false,
        passed: 0,
        failed: 1,
        skipped: 0,
        failures: [`${name}: the runner left no report`],
      };
    }
    const [passed = 0, failed = 0, skipped = 0] = count(JSON.parse(text));
    const told = failures(JSON.parse(text));
    if (code !== 0 && told.length === 0) told.push(`${name}: the runner ended with code ${code}`);
    return { ok: code === 0, passed, failed, skipped, failures: told };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
