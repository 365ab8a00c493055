import { run } from './steps.mjs';

const npx =
  (/** @type {string[]} */ ...args) =>
  () =>
    run('npx', args);

/** Everything that can be said of the code without running it. */
export const checkSteps = [
  { name: 'types', run: npx('tsc', '-b') },
  { name: 'lint', run: npx('eslint', '.', '--max-warnings', '0') },
  {
    name: 'import law',
    run: npx('depcruise', '--output-type', 'err', 'packages', 'cli', 'electron', 'renderer'),
  },
  { name: 'dead code', run: npx('knip') },
  {
    name: 'API pages',
    run: npx('typedoc', '--options', 'packages/node-rtmp-client/typedoc.json', '--emit', 'none'),
  },
  { name: 'formatting', run: npx('prettier', '--check', '--log-level', 'warn', '.') },
];
