import type { BroadcastHistory } from './broadcast-history.js';

/** What the greatest value may be, of which the axis names the half and the whole. */
const niceSteps = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10] as const;

/** What is free above the greatest: a line at the very top would be cut. */
const headroom = 1.05;

/** A round number that is above all of `values`, and not below `least`, which is more than 0. */
export function niceTop(values: Iterable<number | null>, least: number): number {
  let greatest = least;
  for (const value of values) {
    if (value !== null && value * headroom > greatest) greatest = value * headroom;
  }
  const magnitude = 10 ** Math.floor(Math.log10(greatest));
  // What is nearly the next one must not go missing for a last digit.
  const step = niceSteps.find((each) => each * magnitude >= greatest * (1 - 1e-9)) ?? 10;
  return step * magnitude;
}

/** How far the named times are from each other where so much is shown, in milliseconds. */
const tickSteps: readonly (readonly [spanMs: number, stepMs: number])[] = [
  [60_000, 15_000],
  [120_000, 30_000],
  [300_000, 60_000],
];
const widestTickStep = 120_000;

/** The times to be named: whole minutes, or parts of them, by the clock on the wall as it is now. */
export function timeTicks(history: BroadcastHistory): number[] {
  const { from, to } = history.rows();
  const offset = history.clockAt(to) - to;
  const step = tickSteps.find(([span]) => history.spanMs <= span)?.[1] ?? widestTickStep;
  const first = Math.ceil((from + offset) / step) * step - offset;
  return Array.from(
    { length: Math.floor((to - first) / step) + 1 },
    (_, index) => first + index * step,
  );
}
