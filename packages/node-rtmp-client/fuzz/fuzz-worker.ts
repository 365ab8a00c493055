import { parentPort, workerData } from 'node:worker_threads';
import { formatTargets } from './format-targets.js';
import { Random } from './random.js';
import { sessionTargets } from './session-targets.js';
import type { Target } from './target.js';
import { judge, judgeFairly, makeInput } from './judge.js';
import type { FuzzOrders, FuzzReport } from './fuzz-orders.js';

/** What memory an input of n bytes may take: a part of its own, and so much for each byte. */
const memoryLimit = { own: 8 * 1024 * 1024, perByte: 512 };
/** Memory is looked at after so many inputs; one by one only where together they took too much. */
const batch = 128;

const { seed, seconds, inputs, only, current, progress } = workerData as FuzzOrders;
const targets = [...formatTargets, ...sessionTargets].filter(
  (target) => only === undefined || target.name === only,
);
if (targets.length === 0) throw new Error(`There is no target named ${only ?? ''}`);

const memory = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

function heaviness(target: Target, bytes: Uint8Array, runSeed: number): string | undefined {
  const before = memory();
  judge(target, bytes, runSeed);
  const taken = memory() - before;
  const most = memoryLimit.own + memoryLimit.perByte * bytes.length;
  return taken > most ? `took ${taken} bytes of memory` : undefined;
}

const report = (message: FuzzReport): void => parentPort?.postMessage(message);

interface Run {
  readonly target: Target;
  readonly bytes: Uint8Array;
  readonly runSeed: number;
}

function main(): void {
  const random = new Random(seed);
  const counts = new Map(targets.map(({ name }) => [name, 0]));
  const end = performance.now() + seconds * 1000;
  let runs: Run[] = [];
  let atStart = memory();
  let total = 0;
  const fail = ({ target, bytes, runSeed }: Run, why: string): void =>
    report({ type: 'failure', target: target.name, bytes, runSeed, why });

  while (total < inputs && (total % batch !== 0 || performance.now() < end)) {
    const target = random.pick(targets);
    const runSeed = random.below(2 ** 31);
    const bytes = makeInput(target, new Random(runSeed));
    // For the watchdog, which cannot ask a thread that hangs.
    Atomics.store(progress, 0, total);
    Atomics.store(progress, 1, targets.indexOf(target));
    Atomics.store(progress, 2, bytes.length);
    current.set(bytes);
    const run = { target, bytes, runSeed };
    const why = judgeFairly(target, bytes, runSeed);
    if (why !== undefined) fail(run, why);
    counts.set(target.name, (counts.get(target.name) ?? 0) + 1);
    runs.push(run);
    if (++total % batch !== 0) continue;
    if (memory() - atStart > memoryLimit.own) {
      for (const each of runs) {
        const heavy = heaviness(each.target, each.bytes, each.runSeed);
        if (heavy !== undefined) fail(each, heavy);
      }
    }
    runs = [];
    atStart = memory();
  }
  report({ type: 'done', total, counts: Object.fromEntries(counts) });
}

main();
