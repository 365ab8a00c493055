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

describe('codeDelay', () => {
  it.each([0, 40, 900, 4_200, 65_000, 400_000])('tells a delay of %i ms', (lateMs) => {
    const captured = seen(1_000_000, 20, 0);
    expect(codeDelay(captured, seen(1_000_000, 20, lateMs))).toBeCloseTo(lateMs, -1);
  });

  it('takes the clock of the codes from what is captured, whatever it shows', () => {
    for (const ahead of [
      -777_000,
      0,
      123_456,
      pictureCode.steps * pictureCode.stepMs - 1_000_400,
    ]) {
      const captured = seen(1_000_000, 20, 0, ahead);
      const delay = codeDelay(captured, seen(999_000, 20, 2_300, ahead));
      expect(Math.abs((delay ?? NaN) - 2_300)).toBeLessThanOrEqual(10);
    }
  });

  it('is not misled by a picture that was captured late, or is played again', () => {
    const captured = seen(1_000_000, 20, 0).map((picture, index) =>
      index % 3 === 0 ? { ...picture, at: picture.at + 70 } : picture,
    );
    const played = seen(1_000_000, 20, 1_000);
    const last = played.at(-1);
    const frozen = last ? [1, 2, 3, 4, 5].map((s) => ({ ...last, at: last.at + s * 1000 })) : [];
    const delay = codeDelay(captured, [...played, ...frozen]);
    expect(Math.abs((delay ?? NaN) - 1_000)).toBeLessThanOrEqual(10);
  });

  it('tells none without codes on both sides', () => {
    const plain = seen(1_000_000, 20, 0).map(({ at }) => ({ at, cells }));
    expect(codeDelay(plain, seen(1_000_000, 20, 500))).toBeUndefined();
    expect(codeDelay(seen(1_000_000, 20, 0), plain)).toBeUndefined();
    expect(codeDelay(seen(1_000_000, 3, 0), seen(1_000_000, 20, 500))).toBeUndefined();
  });
});
