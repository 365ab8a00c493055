import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StallWatch } from './stall-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function watchFor(first: number, next: number): { watch: StallWatch; stalls: () => number } {
  let count = 0;
  const watch = new StallWatch({ first, next }, () => count++);
  return { watch, stalls: () => count };
}

it('gives the first picture its own deadline', async () => {
  const { watch, stalls } = watchFor(1000, 100);
  void watch.waitFor(after(5000));
  await vi.advanceTimersByTimeAsync(999);
  expect(stalls()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(stalls()).toBe(1);
  expect(watch.stalled).toBe(true);
});

it('adds up waits that brought no picture', async () => {
  const { watch, stalls } = watchFor(1000, 100);
  for (let i = 0; i < 2; i++) {
    const wait = watch.waitFor(after(400));
    await vi.advanceTimersByTimeAsync(400);
    await wait;
  }
  void watch.waitFor(after(400));
  await vi.advanceTimersByTimeAsync(199);
  expect(stalls()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(stalls()).toBe(1);
});

it('begins anew with each picture, and does not count time in which nobody reads', async () => {
  const { watch, stalls } = watchFor(1000, 100);
  watch.pictureCame();
  for (let i = 0; i < 5; i++) {
    const wait = watch.waitFor(after(90));
    await vi.advanceTimersByTimeAsync(90);
    await wait;
    watch.pictureCame();
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(stalls()).toBe(0);
});
