// `npm test`: the check, then every test against real servers and browsers that takes no minutes.
import { checkTexts, checkTypes } from './check-steps.mjs';
import { run } from './steps.mjs';
import { ensureParts, testParts } from './test-parts.mjs';
import { endToEndTests, integrationTests, unitTests } from './test-runs.mjs';

const missing = await ensureParts(testParts);

if ((await run('npm', ['run', '--silent', 'build'])) !== 0) {
  console.error('test: the build failed');
  process.exit(1);
}

const has = (/** @type {string} */ name) => !missing.some((part) => part.name === name);
const failedSteps = await checkTypes();
const runs = [await unitTests()];
// The tests against real processes wait more than they compute, which leaves time for what only computes. Without these
// two parts hardly any test that follows could say anything.
const [failedTexts, integration] = await Promise.all([
  checkTexts(),
  has('ffmpeg with ffprobe') ? integrationTests() : undefined,
]);
failedSteps.push(...failedTexts);
if (integration) runs.push(integration);
if (has('ffmpeg with ffprobe') && has('Chromium')) runs.push(await endToEndTests());
const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
  runs.reduce((total, each) => total + each[key], 0);

if (failedSteps.length > 0) console.error(`\ntest: failed: ${failedSteps.join(', ')}`);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = failedSteps.length === 0 && runs.every((each) => each.ok) ? 0 : 1;
