// `npm run check`: types, lint, import law, dead code, formatting and the unit tests.
import { runChecks } from './check-steps.mjs';
import { unitTests } from './test-runs.mjs';

const failed = await runChecks();
console.log('\n── unit tests');
if (!(await unitTests()).ok) failed.push('unit tests');

if (failed.length > 0) {
  console.error(`\ncheck: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log('\ncheck: all green');
}
