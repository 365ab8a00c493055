import { isByNpx } from './called-as.js';

const lookEveryMs = 200;

/**
 * Ends as by SIGTERM when npx is gone, which started the program and does not pass the signal on: a script that ends what
 * it has started would leave it on air.
 */
export function endWithNpx(
  target: Pick<NodeJS.Process, 'ppid' | 'emit'>,
  environment: NodeJS.ProcessEnv,
): void {
  if (!isByNpx(environment)) return;
  const { ppid } = target;
  const timer = setInterval(() => {
    if (target.ppid === ppid) return;
    clearInterval(timer);
    target.emit('SIGTERM', 'SIGTERM');
  }, lookEveryMs);
  timer.unref();
}
