// `npm test`: the check, then every test against real servers and browsers that takes no minutes.
import { runChecks } from './check-steps.mjs';
import { run } from './steps.mjs';
import { ensureParts, testParts } from './test-parts.mjs';
import { endToEndTests, integrationTests, unitTests } from './test-runs.mjs';

const missing = await ensureParts(testParts);

if ((await run('npm', ['run', '--silent', 'build'])) !== 0) {
  console.error('test: the build failed');
  process.exit(1);
}

const failedSteps = await runChecks();
const has = (/** @type {string} */ name) => !missing.some((part) => part.name === name);
const runs = [await unitTests()];
// Without these two hardly any of them could say anything.
if (has('ffmpeg with ffprobe')) runs.push(await integrationTests());
if (has('ffmpeg with ffprobe') && has('Chromium')) runs.push(await endToEndTests());
const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
  runs.reduce((total, each) => total + each[key], 0);

if (failedSteps.length > 0) console.error(`\ntest: failed: ${failedSteps.join(', ')}`);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = failedSteps.length === 0 && runs.every((each) => each.ok) ? 0 : 1;
