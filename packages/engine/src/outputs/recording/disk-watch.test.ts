import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DiskWatch } from './disk-watch.js';

const megabyte = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A recording of `rate` bytes a second on a disk of `totalBytes`; tells what was free when it was ended, and of what. */
async function writeUntilTold(totalBytes: number, rate: number) {
  let written = 0;
  const told: { trouble: string; freeBytes: number }[] = [];
  const free = (): number => Math.max(0, totalBytes - written);
  const watch = new DiskWatch({
    look: () => Promise.resolve({ freeBytes: free(), totalBytes, isRemoved: false }),
    written: () => written,
    onTrouble: (trouble) => told.push({ trouble, freeBytes: free() }),
  });
  watch.start();
  while (told.length === 0 && free() > 0) {
    written += rate / 10;
    await vi.advanceTimersByTimeAsync(100);
  }
  watch.stop();
  return { told, space: watch.space };
}

test.each([
  { disk: 2, rate: 0.5, least: 0.49, most: 0.75 },
  { disk: 32, rate: 0.5, least: 1.35, most: 1.6 },
  { disk: 32, rate: 8, least: 7.9, most: 12 },
  { disk: 4000, rate: 0.5, least: 49.75, most: 50 },
  { disk: 4000, rate: 100, least: 99, most: 150 },
])(
  'of a disk of $disk MB, at $rate MB a second, $least to $most MB are left when it is told',
  async ({ disk, rate, least, most }) => {
    const { told } = await writeUntilTold(disk * megabyte, rate * megabyte);
    expect(told).toMatchObject([{ trouble: 'nearly-full' }]);
    const left = (told[0]?.freeBytes ?? 0) / megabyte;
    expect(left).toBeGreaterThanOrEqual(least);
    expect(left).toBeLessThanOrEqual(most);
  },
);

test('what is free lasts as long as it does at the present rate', async () => {
  const { space } = await writeUntilTold(4000 * megabyte, 100 * megabyte);
  expect(space?.leftMs).toBeGreaterThan(1_000);
  expect(space?.leftMs).toBeLessThanOrEqual(1_500);
});
