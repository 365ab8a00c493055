import fc from 'fast-check';
import { expect, it } from 'vitest';
import { snapshot } from '../../test/snapshots.js';
import { BroadcastHistory } from './broadcast-history.js';
import { niceTop, timeTicks } from './graph-scale.js';

it.each([
  [[2_628_000, null, 1], 3_000_000],
  [[1_000_000], 1_200_000],
  [[31], 40],
  [[], 1],
  [[null, 0.2], 1],
])('has a round number above %j: %d', (values, top) => {
  expect(niceTop(values, 1)).toBe(top);
});

it('has nothing above the top, and the top never far above', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (value) => {
      const top = niceTop([value], 1e-3);
      expect(top / value).toBeGreaterThan(1);
      expect(top / value).toBeLessThan(1.45);
    }),
  );
});

it('names whole parts of minutes by the clock on the wall, fewer where more is shown', () => {
  const clock = { time: 123, wall: Date.UTC(2026, 0, 1, 20, 0, 7) };
  const history = new BroadcastHistory({
    monotonic: () => clock.time,
    wall: () => clock.wall,
  });
  const named = (rows: number): string[] => {
    for (let row = 0; row < rows; row++) {
      clock.time += 500;
      clock.wall += 500;
      history.receive(snapshot({ startedAt: 1 }));
    }
    return timeTicks(history).map((time) =>
      new Date(history.clockAt(time)).toISOString().slice(11, 19),
    );
  };
  expect(named(100)).toEqual(['20:00:00', '20:00:15', '20:00:30', '20:00:45']);
  expect(named(1_100)).toEqual(['20:02:00', '20:04:00', '20:06:00', '20:08:00', '20:10:00']);
});
