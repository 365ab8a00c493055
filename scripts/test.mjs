// `npm test`: every test that takes no minutes: of single modules, against real servers, and in real browsers. What can be
// said of the code without a server is `npm run check`.
import { run } from './steps.mjs';
import { ensureParts, testParts } from './test-parts.mjs';
import { endToEndTests, integrationTests, unitTests } from './test-runs.mjs';

const missing = await ensureParts(testParts);

if ((await run('npm', ['run', '--silent', 'build'])) !== 0) {
  console.error('test: the build failed');
  process.exit(1);
}

const has = (/** @type {string} */ name) => !missing.some((part) => part.name === name);
const runs = [await unitTests()];
// Without these two parts hardly any test that follows could say anything.
if (has('ffmpeg with ffprobe')) runs.push(await integrationTests());
if (has('ffmpeg with ffprobe') && has('Chromium')) runs.push(await endToEndTests());
const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
  runs.reduce((total, each) => total + each[key], 0);

for (const failure of runs.flatMap((each) => each.failures)) {
  // The whole of it stands above, where it happened.
  const lines = failure.split('\n').filter((line) => !line.includes('/node_modules/'));
  console.log(`\nfailed: ${lines.slice(0, 12).join('\n  ').slice(0, 2000)}`);
}
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = runs.every((each) => each.ok) ? 0 : 1;
