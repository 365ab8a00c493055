import { expect, it } from 'vitest';
import { TimestampUnwrapper } from './timestamp-unwrapper.js';

function unwrapped(...timestamps: readonly number[]): number[] {
  const time = new TimestampUnwrapper();
  return timestamps.map((timestamp) => time.unwrap(timestamp));
}

it('goes on where time stamps of 32 bits begin anew', () => {
  const end = 2 ** 32;
  const steps = [end - 20, end - 1, end, end + 40, end - 10, end + 80];
  expect(unwrapped(...steps.map((time) => time % end))).toEqual(steps);
});

it('goes on where time stamps of 31 bits begin anew, each time', () => {
  const end = 2 ** 31;
  const aroundTheEnd = [end - 16, end + 5, end + 3, end + 45, end - 10, end + 80];
  const halfHours = Array.from({ length: 3600 }, (_, i) => end + i * 1_800_000);
  const steps = [...aroundTheEnd, ...halfHours.flatMap((time) => [time, time - 20, time + 40])];
  expect(unwrapped(...steps.map((time) => time % end))).toEqual(steps);
});

it('lets time stamps of 32 bits pass the middle of their range', () => {
  const half = 2 ** 31;
  const steps = [half - 20, half + 20, half - 5, half + 60, half + 40];
  expect(unwrapped(...steps)).toEqual(steps);
});

it('takes a step of days within half the range as it is', () => {
  const days = 20 * 24 * 3_600_000;
  expect(unwrapped(0, days, 0, days)).toEqual([0, days, 0, days]);
});

it('goes on where a clock is set to before its beginning, and stands for a few milliseconds only', () => {
  const early = 2 ** 32 - 46_000;
  expect(unwrapped(14_000, early, early + 40, early + 80)).toEqual([
    14_000,
    early,
    early + 40,
    early + 80,
  ]);
  expect(unwrapped(0, 2 ** 32 - 20, 20)).toEqual([0, 0, 20]);
});
