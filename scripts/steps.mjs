import { spawn } from 'node:child_process';

/**
 * Runs a command in the foreground, its output shown as it comes.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs named steps one after the other, all of them, and says at the end which failed.
 *
 * @param {{ name: string, run: () => Promise<number> }[]} steps
 * @returns {Promise<string[]>} the names of those that failed
 */
export async function runSteps(steps) {
  const failed = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    if ((await step.run()) !== 0) failed.push(step.name);
  }
  return failed;
}
