import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs Electron until it ends, passing on the signals that we get.
 *
 * @param {string} path
 * @param {string[]} args
 * @returns {Promise<number>} its exit code; 127 where it could not be started, 128 + n after signal n
 */
export function runElectron(path, args) {
  const env = { ...process.env };
  // Set by some editors' terminals; it would make Electron a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(path, args, { stdio: 'inherit', env });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
}
