import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadBetween, ProgramLoadWatch } from './program-load-watch.js';
import type { ProcessCost, ProcessReading } from './read-processes.js';

const old = 3_600_000;
const cost = (pid: number, cpuMs: number, ageMs = old): ProcessCost => ({
  ...{ pid, cpuMs, ageMs, memoryBytes: 1_000 * pid },
});
const reading = (at: number, ...processes: ProcessCost[]): ProcessReading => ({ at, processes });

test('what all have cost since the last reading, in cores, and their memory', () => {
  const before = reading(1_000, cost(1, 500), cost(2, 90_000));
  const after = reading(3_000, cost(1, 1_500), cost(2, 92_000));
  expect(loadBetween(before, after)).toEqual({ cpu: 1.5, memoryBytes: 3_000 });
});

test('one that has just begun counts with all that it has cost, one that was only not known with nothing yet', () => {
  const before = reading(0, cost(1, 0));
  const after = reading(2_000, cost(1, 0), cost(2, 800, 1_500), cost(3, 70_000));
  expect(loadBetween(before, after)).toEqual({ cpu: 0.4, memoryBytes: 6_000 });
});

test('one that has ended takes nothing away, and neither does one that has taken over its number', () => {
  const before = reading(0, cost(1, 100), cost(2, 50_000), cost(3, 50_000));
  const after = reading(1_000, cost(1, 300), cost(3, 10, 200));
  expect(loadBetween(before, after)?.cpu).toBe(0.2);
});

test('no time, no figure', () => {
  expect(loadBetween(reading(5, cost(1, 1)), reading(5, cost(1, 2)))).toBeUndefined();
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A watch of one process that costs half a core. */
function setUp(change: () => Promise<void> = () => Promise.resolve()) {
  let readings = 0;
  const watch = new ProgramLoadWatch({
    everyMs: 2_000,
    read: async () => {
      readings += 1;
      await change();
      const at = performance.now();
      return reading(at, cost(1, at / 2));
    },
  });
  return { watch, count: () => readings };
}

test('it measures while somebody needs it, every two seconds, and no more when nobody does', async () => {
  const { watch, count } = setUp();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(count()).toBe(0);
  const [end, endToo] = [watch.begin(), watch.begin()];
  await vi.advanceTimersByTimeAsync(1_000);
  expect([count(), watch.load]).toEqual([1, undefined]);
  await vi.advanceTimersByTimeAsync(9_500);
  expect([count(), watch.load]).toEqual([6, { cpu: 0.5, memoryBytes: 1_000 }]);
  end();
  end();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(count()).toBe(7);
  endToo();
  expect([watch.load, vi.getTimerCount()]).toEqual([undefined, 0]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count()).toBe(7);
});

test('where the system does not tell there is no figure, until it does', async () => {
  let fails = false;
  const { watch } = setUp(() => (fails ? Promise.reject(new Error('no ps')) : Promise.resolve()));
  const end = watch.begin();
  await vi.advanceTimersByTimeAsync(4_100);
  expect(watch.load?.cpu).toBe(0.5);
  fails = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(watch.load).toBeUndefined();
  fails = false;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(watch.load?.cpu).toBe(0.5);
  end();
});

test('an answer that hangs is joined by no other, and its old figure is not told for new', async () => {
  let hangs = false;
  let answer: () => void = () => undefined;
  const { watch, count } = setUp(() =>
    hangs ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(),
  );
  const end = watch.begin();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(watch.load?.cpu).toBe(0.5);
  hangs = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect([count(), watch.load]).toEqual([3, undefined]);
  hangs = false;
  answer();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(watch.load?.cpu).toBe(0.5);
  end();
});
