import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapturedFrameGrid } from './captured-frame-grid.js';

const interval = 1e6 / 30;

const placeAll = (grid: CapturedFrameGrid, captured: readonly number[]): number[] =>
  captured.map((time) => grid.place(time)).filter((time) => time !== undefined);

describe('CapturedFrameGrid', () => {
  it('puts jittering frames on an even grid', () => {
    const jitter = [0, 9000, -8000, 3000, 12_000, -11_000, 5000];
    const captured = Array.from(
      { length: 70 },
      (_, index) => 1e9 + index * interval + (jitter[index % jitter.length] ?? 0),
    );
    const grid = new CapturedFrameGrid(30);
    expect(placeAll(grid, captured)).toEqual(
      Array.from({ length: 70 }, (_, index) => index * interval),
    );
  });

  it('leaves the places of lost frames empty', () => {
    const captured = [0, 1, 2, 3, 4, 8, 9, 10].map((index) => index * interval);
    const placed = placeAll(new CapturedFrameGrid(30), captured);
    expect(placed.map((time) => Math.round(time / interval))).toEqual([0, 1, 2, 3, 4, 8, 9, 10]);
  });

  it('keeps to the grid while a busy machine loses a quarter of the frames', () => {
    const captured = Array.from({ length: 300 }, (_, index) => index)
      .filter((index) => index % 8 > 1)
      .map((index) => index * interval + ((index * 7) % 5) * 1000);
    const placed = placeAll(new CapturedFrameGrid(30), captured);
    expect(placed).toHaveLength(captured.length);
    for (const time of placed) {
      expect(Math.abs(time / interval - Math.round(time / interval))).toBeLessThan(1e-6);
    }
  });

  it('lays the grid through the mean of what it observed, not through the first frame', () => {
    const grid = new CapturedFrameGrid(30);
    for (let index = 0; index < 20; index++) {
      grid.observe(index * interval + (index % 2 === 0 ? 4000 : -4000));
    }
    grid.place(20 * interval + 9000);
    expect(Math.abs((grid.origin ?? 0) - 20 * interval)).toBeLessThan(1500);
  });

  it('keeps the times of a camera at another rate', () => {
    const captured = Array.from({ length: 100 }, (_, index) => index * 40_000);
    const placed = placeAll(new CapturedFrameGrid(30), captured).slice(-40);
    const distances = placed.slice(1).map((time, index) => time - (placed[index] ?? 0));
    expect(new Set(distances.map(Math.round))).toEqual(new Set([40_000]));
  });

  it('leaves out one frame a second of a camera that gives 31 where 30 are chosen', () => {
    const captured = Array.from({ length: 310 }, (_, index) => (index * 1e6) / 31);
    const placed = placeAll(new CapturedFrameGrid(30), captured);
    expect(placed.length).toBeGreaterThanOrEqual(300);
    expect(placed.length).toBeLessThanOrEqual(303);
  });

  it('always rises and stays within two frames of the truth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -15_000, max: 300_000 }), { minLength: 2, maxLength: 200 }),
        (delays) => {
          const grid = new CapturedFrameGrid(30);
          let last = -1;
          let now = 0;
          for (const delay of delays) {
            now += interval + delay;
            const placed = grid.place(now);
            if (placed === undefined) continue;
            expect(placed).toBeGreaterThan(last);
            expect(Math.abs(placed - (now - (grid.origin ?? 0)))).toBeLessThan(2 * interval);
            last = placed;
          }
        },
      ),
    );
  });
});
