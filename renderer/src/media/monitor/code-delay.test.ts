import { pictureCode, pictureCodeAt } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { codeDelay } from './code-delay.js';
import type { SeenPicture } from './picture-raster.js';

const cells = new Float32Array();

/** Pictures of each 80 ms that show the time of a clock `ahead` of ours, seen `lateMs` after it. */
const seen = (from: number, count: number, lateMs: number, ahead = 0): SeenPicture[] =>
  Array.from({ length: count }, (_, index) => {
    const time = from + index * 80;
    return { at: time + lateMs, cells, code: pictureCodeAt(time + ahead) };
  });

/** At the moment when the last picture is seen. */
const delayOf = (captured: readonly SeenPicture[], played: readonly SeenPicture[]) =>
  codeDelay(captured, played, played.at(-1)?.at ?? 0);

describe('codeDelay', () => {
  it.each([0, 40, 900, 4_200, 65_000, 400_000])('tells a delay of %i ms', (lateMs) => {
    const captured = seen(1_000_000, 20, 0);
    expect(delayOf(captured, seen(1_000_000, 20, lateMs))?.ms).toBeCloseTo(lateMs, -1);
  });

  it('takes the clock of the codes from what is captured, whatever it shows', () => {
    for (const ahead of [
      -777_000,
      0,
      123_456,
      pictureCode.steps * pictureCode.stepMs - 1_000_400,
    ]) {
      const captured = seen(1_000_000, 20, 0, ahead);
      const delay = delayOf(captured, seen(999_000, 20, 2_300, ahead));
      expect(Math.abs((delay?.ms ?? NaN) - 2_300)).toBeLessThanOrEqual(10);
    }
  });

  it('is not misled by a picture that was captured late, or is played again', () => {
    const captured = seen(1_000_000, 20, 0).map((picture, index) =>
      index % 3 === 0 ? { ...picture, at: picture.at + 70 } : picture,
    );
    const played = seen(1_000_000, 20, 1_000);
    const last = played.at(-1);
    const frozen = last ? [1, 2, 3, 4, 5].map((s) => ({ ...last, at: last.at + s * 1000 })) : [];
    const delay = delayOf(captured, [...played, ...frozen]);
    expect(Math.abs((delay?.ms ?? NaN) - 1_000)).toBeLessThanOrEqual(10);
  });

  it('tells none without codes on both sides', () => {
    const plain = seen(1_000_000, 20, 0).map(({ at }) => ({ at, cells }));
    expect(delayOf(plain, seen(1_000_000, 20, 500))).toBeUndefined();
    expect(delayOf(seen(1_000_000, 20, 0), plain)).toBeUndefined();
    expect(delayOf(seen(1_000_000, 3, 0), seen(1_000_000, 20, 500))).toBeUndefined();
  });
  it('tells between what it changed lately, with how late the picture becomes that is still shown', () => {
    const captured = seen(1_000_000, 40, 0);
    const steady = [...seen(1_000_000, 20, 700), ...seen(1_001_600, 20, 700)];
    const told = codeDelay(captured, steady, 1_003_800);
    expect(told?.fromMs).toBeCloseTo(700, -1);
    expect((told?.toMs ?? NaN) - 700).toBeLessThanOrEqual(90);
    // As on a computer that is busy now and then.
    const uneven = [500, 840, 1_240].flatMap((late, part) =>
      seen(1_000_000 + part * 800, 10, late),
    );
    const range = codeDelay(captured, uneven, 1_003_040);
    expect(range?.fromMs).toBeCloseTo(500, -1);
    expect(Math.abs((range?.toMs ?? NaN) - 1_320)).toBeLessThanOrEqual(30);
    const hanging = codeDelay(captured, steady, 1_003_820 + 2_000);
    expect(hanging?.toMs).toBeGreaterThan(2_650);
  });
});
