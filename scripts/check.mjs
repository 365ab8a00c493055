// `npm run check`: everything that can be said of the code without starting another program's server.
import { unitTests } from './test-runs.mjs';
import { run, runSteps } from './steps.mjs';

const failed = await runSteps([
  { name: 'types', run: () => run('npx', ['tsc', '-b']) },
  { name: 'lint', run: () => run('npx', ['eslint', '.', '--max-warnings', '0']) },
  {
    name: 'import law',
    run: () => run('npx', ['depcruise', '--log-level', 'error', ...importLawFolders()]),
  },
  { name: 'dead code', run: () => run('npx', ['knip']) },
  {
    name: 'formatting',
    run: () => run('npx', ['prettier', '--check', '--log-level', 'warn', '.']),
  },
  { name: 'unit tests', run: async () => ((await unitTests()).ok ? 0 : 1) },
]);

if (failed.length > 0) {
  console.error(`\ncheck: failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log('\ncheck: all green');
}

function importLawFolders() {
  return ['packages', 'cli', 'electron', 'renderer'];
}
