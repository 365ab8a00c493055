import { expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

it('tells what goes by, over the last two seconds', () => {
  let now = 10_000;
  const meter = new RateMeter(() => now);
  expect(meter.bitsPerSecond).toBe(0);
  for (; now < 13_000; now += 50) meter.add(1_000);
  expect(meter.bitsPerSecond / 160_000).toBeCloseTo(1, 1);
  now += 999;
  expect(meter.bitsPerSecond / 80_000).toBeCloseTo(1, 1);
  now += 2_000;
  expect(meter.bitsPerSecond).toBe(0);
});

it('is right from the first half second on', () => {
  let now = 0;
  const meter = new RateMeter(() => now);
  for (; now < 500; now += 50) meter.add(1_000);
  expect(meter.bitsPerSecond).toBe(160_000);
});
