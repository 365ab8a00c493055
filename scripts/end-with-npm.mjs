import { clearInterval, setInterval } from 'node:timers';

/**
 * Ends this process as SIGTERM does when npm is gone, where npm runs it as the script `name`: npm runs scripts in a shell,
 * and a SIGTERM to npm ends that shell, which does not tell us.
 *
 * @param {string} name
 */
export function endWithNpm(name) {
  if (process.env.npm_lifecycle_event !== name) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
