// `npm run test:all`: `npm test`, and what takes longer: the virtual machine with real devices, ten minutes of watching,
// and the library against the RTMP of others, whose table stays as it is.
import { run } from './steps.mjs';
import { ensureParts, interopParts } from './test-parts.mjs';
import { interopTests, longerEndToEndTests, longerTests } from './test-runs.mjs';

const npmTest = await run('npm', ['test']);
const missing = await ensureParts(interopParts);
const longer = await longerTests();
const longerEndToEnd = await longerEndToEndTests();
const interop = await interopTests(missing);

const failed = [
  ...(npmTest === 0 ? [] : ['npm test']),
  ...(longer.ok ? [] : ['longer tests']),
  ...(longerEndToEnd.ok ? [] : ['longer end-to-end tests']),
  ...(interop === 0 ? [] : ['interoperability']),
];
if (failed.length > 0) {
  console.error(`\ntest:all: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log('\ntest:all: all green');
}
