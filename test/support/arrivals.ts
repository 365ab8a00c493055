import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { holdUpMs } from '../../packages/engine/test/support/viewer.js';

/** Listens to a stream over HTTP, and counts how often nothing of it came for longer than a player has in stock. */
export function watchArrivals(url: string): { stop(): Promise<number> } {
  const child = spawn('curl', ['-sN', url], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  let holdUps = 0;
  let last = performance.now();
  const note = (): void => {
    const now = performance.now();
    if (now - last > holdUpMs) holdUps += 1;
    last = now;
  };
  child.stdout.on('data', note);
  return {
    stop: async () => {
      note();
      child.kill();
      await exited;
      return holdUps;
    },
  };
}
