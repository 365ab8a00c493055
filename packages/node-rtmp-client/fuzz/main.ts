import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzOrders, FuzzReport } from './fuzz-orders.js';

/** An input that keeps the worker so long hangs it. */
const hangMs = 20_000;
const maxFailures = 20;
const maxInputLength = 1024 * 1024;
/** Far above what the inputs need; growth without end is a failure of its own. */
const maxHeapMiB = 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    inputs: { type: 'string', default: 'Infinity' },
    seed: { type: 'string' },
    target: { type: 'string' },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const orders: FuzzOrders = {
  seed,
  seconds: Number(values.seconds),
  inputs: Number(values.inputs),
  only: values.target,
  current: new Uint8Array(new SharedArrayBuffer(maxInputLength)),
  progress: new Int32Array(new SharedArrayBuffer(12)),
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

console.log(`seed ${seed}`);
const begun = performance.now();
const worker = new Worker(new URL('./fuzz-worker.js', import.meta.url), {
  workerData: orders,
  resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB },
});
let failures = 0;
let lastSeen = -1;
let lastChange = performance.now();

function fail(target: string, why: string, input: Uint8Array): void {
  failures += 1;
  console.log(`FAILURE in ${target}: ${why}\n  input ${hex(input)}`);
  process.exitCode = 1;
  if (failures < maxFailures) return;
  console.log('Too many failures.');
  stop();
}

const watchdog = setInterval(() => {
  const seen = Atomics.load(orders.progress, 0);
  const now = performance.now();
  if (seen !== lastSeen) {
    lastSeen = seen;
    lastChange = now;
  } else if (now - lastChange > hangMs) {
    const length = Atomics.load(orders.progress, 2);
    const target = `target number ${Atomics.load(orders.progress, 1)}`;
    fail(target, 'it hangs', orders.current.slice(0, length));
    stop();
  }
}, 1000);

function stop(): void {
  clearInterval(watchdog);
  void worker.terminate();
}

worker.on('message', (report: FuzzReport) => {
  if (report.type === 'failure') {
    fail(report.target, `${report.why} (run seed ${report.runSeed})`, report.bytes);
    return;
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  for (const [name, count] of Object.entries(report.counts)) console.log(`${name}: ${count}`);
  console.log(`${report.total} inputs in ${seconds} s, seed ${seed}: ${failures} failures`);
  stop();
});
worker.on('error', (error) => {
  fail('the worker', error.stack ?? error.message, new Uint8Array(0));
  stop();
});
