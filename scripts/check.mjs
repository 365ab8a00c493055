// `npm run check`: types, lint, import law, dead code, formatting and the unit tests.
import { checkSteps } from './check-steps.mjs';
import { runSteps } from './steps.mjs';
import { unitTests } from './test-runs.mjs';

const failed = await runSteps([
  ...checkSteps,
  { name: 'unit tests', run: async () => ((await unitTests()).ok ? 0 : 1) },
]);

if (failed.length > 0) {
  console.error(`\ncheck: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log('\ncheck: all green');
}
