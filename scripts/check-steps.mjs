import { collect, run } from './steps.mjs';

/** @typedef {{ name: string, command: string[] }} CheckStep */

/** What the others read is compiled first. @type {CheckStep} */
const types = { name: 'types', command: ['tsc', '-b'] };

/** @type {CheckStep} */
const lint = { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] };

/** Together about as long as the lint. @type {CheckStep[]} */
const others = [
  {
    name: 'import law',
    command: ['depcruise', '--output-type', 'err', 'packages', 'cli', 'electron', 'renderer'],
  },
  { name: 'dead code', command: ['knip'] },
  {
    name: 'API pages',
    command: ['typedoc', '--options', 'packages/node-rtmp-client/typedoc.json', '--emit', 'none'],
  },
  { name: 'formatting', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
];

/**
 * Says everything that can be said of the code without running it.
 *
 * @returns {Promise<string[]>} the names of the steps that failed
 */
export const runChecks = async () => [...(await checkTypes()), ...(await checkTexts())];

/** @returns {Promise<string[]>} `types`, if they are wrong */
async function checkTypes() {
  console.log(`\n── ${types.name}`);
  return (await run('npx', types.command)) === 0 ? [] : [types.name];
}

/**
 * Everything else, once the types have been compiled. Two steps at a time, since two cores are what a machine has at
 * least, each shown when it has ended.
 *
 * @returns {Promise<string[]>} the names of the steps that failed
 */
async function checkTexts() {
  /** @type {string[]} */
  const failed = [];
  await Promise.all(
    [[lint], others].map(async (steps) => {
      for (const { name, command } of steps) {
        const { code, output } = await collect('npx', command);
        console.log(`\n── ${name}\n${output.trimEnd()}`.trimEnd());
        if (code !== 0) failed.push(name);
      }
    }),
  );
  return failed;
}
