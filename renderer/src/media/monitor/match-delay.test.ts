import { describe, expect, it } from 'vitest';
import { matchDelay } from './match-delay.js';
import type { SeenPicture } from './picture-raster.js';

/** Numbers that look random and are the same in each run, -1 to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 31) * 2 - 1;
  };
}

/** A scene of 144 cells, of which each wanders about by itself: its fingerprint at a time. */
function scene(motion: number, seed = 7): (time: number) => Float32Array {
  const random = noise(seed);
  const waves = Array.from({ length: 144 }, () =>
    [0.9, 2.3, 5.7].map((rate) => ({ rate: rate * (1 + 0.3 * random()), phase: 9 * random() })),
  );
  return (time) =>
    Float32Array.from(waves, (cell, index) =>
      cell.reduce(
        (sum, { rate, phase }) => sum + motion * Math.sin((rate * time) / 1000 + phase),
        60 + index / 2,
      ),
    );
}

/** What is seen of a scene about `perSecond` times a second, `lateMs` after it was so. */
function seen(
  picture: (time: number) => Float32Array,
  {
    from,
    to,
    perSecond,
    lateMs = 0,
    jitterMs = 0,
    noiseLevel = 0,
    seed = 3,
  }: {
    readonly from: number;
    readonly to: number;
    readonly perSecond: number;
    readonly lateMs?: number;
    readonly jitterMs?: number;
    readonly noiseLevel?: number;
    readonly seed?: number;
  },
): SeenPicture[] {
  const random = noise(seed);
  const pictures: SeenPicture[] = [];
  for (let time = from; time < to; time += 1000 / perSecond) {
    const cells = picture(time).map((value) => value + noiseLevel * random());
    pictures.push({ at: time + lateMs + jitterMs * random(), cells });
  }
  return pictures;
}

describe('matchDelay', () => {
  it.each([120, 2_345, 11_000, 23_800])('finds a delay of %i ms', (lateMs) => {
    const moving = scene(5);
    const captured = seen(moving, { from: 0, to: 31_000, perSecond: 13, noiseLevel: 1 });
    const played = seen((time) => moving(time).map((value) => 0.8 * value + 12), {
      ...{ from: 24_000 - lateMs, to: 30_900 - lateMs, perSecond: 10, lateMs },
      ...{ jitterMs: 15, noiseLevel: 1, seed: 5 },
    });
    const found = matchDelay(captured, played);
    expect(found.type).toBe('matched');
    if (found.type === 'matched') expect(Math.abs(found.delayMs - lateMs)).toBeLessThan(50);
  });

  it('says nothing of a scene that stands still', () => {
    const still = scene(0);
    const captured = seen(still, { from: 0, to: 20_000, perSecond: 13, noiseLevel: 0.5 });
    const played = seen(still, { from: 10_000, to: 18_000, perSecond: 10, lateMs: 1_500 });
    expect(matchDelay(captured, played)).toEqual({ type: 'still' });
  });

  it('is not sure of what it has never seen, or sees again and again', () => {
    const options = { from: 0, to: 20_000, perSecond: 13 };
    const captured = seen(scene(5), options);
    const other = seen(scene(5, 99), { from: 10_000, to: 18_000, perSecond: 10, lateMs: 1_000 });
    expect(matchDelay(captured, other).type).toBe('unsure');

    const swinging = (time: number): Float32Array =>
      new Float32Array(144).fill(80 + 20 * Math.sin((time / 1000) * Math.PI));
    const played = seen(swinging, { from: 8_000, to: 16_000, perSecond: 10, lateMs: 1_000 });
    expect(matchDelay(seen(swinging, options), played).type).toBe('unsure');
  });

  it('waits until there is enough', () => {
    const moving = scene(5);
    const captured = seen(moving, { from: 0, to: 20_000, perSecond: 13 });
    const played = seen(moving, { from: 10_000, to: 12_000, perSecond: 10, lateMs: 500 });
    expect(matchDelay(captured, played)).toEqual({ type: 'too-few' });
    expect(matchDelay([], played)).toEqual({ type: 'too-few' });
  });
});
