import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { LoopLateness } from './loop-lateness.js';

let lateness: LoopLateness;
afterEach(() => lateness.stop());

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('what blocked this process is told for the next looks, and then forgotten', async () => {
  lateness = new LoopLateness();
  lateness.start();
  await delay(60);
  block(400);
  await delay(60);
  const told = Array.from({ length: 6 }, () => lateness.look());
  for (const ms of told) expect(ms).toBeGreaterThan(350);
  // Nothing was measured meanwhile, so that nothing else can be late.
  expect(lateness.look()).toBe(0);
});
