import { readPictureCode } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { clockText, TestPicture, type Glyphs } from './test-picture.js';

const width = 320;
const height = 180;
const fps = 30;

const glyphs: Glyphs = {
  width: 8,
  height: 12,
  masks: new Map(
    '0123456789:.'
      .split('')
      .map((character, index) => [character, new Uint8Array(96).fill(index * 20)]),
  ),
};

const picture = (): TestPicture => new TestPicture(width, height, fps, glyphs);
const meanLuma = (planes: Uint8Array): number =>
  planes.subarray(0, width * height).reduce((sum, value) => sum + value, 0) / (width * height);

describe('TestPicture', () => {
  it('is I420 in the limited range', () => {
    const planes = picture().paint(0.5, '12:00:00.50', 0);
    expect(planes.length).toBe((width * height * 3) / 2);
    const luma = planes.subarray(0, width * height);
    expect(Math.min(...luma)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...luma)).toBeLessThanOrEqual(235);
  });

  it('flashes in the first tenth of each second, unmistakably', () => {
    const subject = picture();
    const lumas = Array.from({ length: 2 * fps }, (_, index) =>
      meanLuma(subject.paint(index / fps, '', 0)),
    );
    const bright = lumas.flatMap((luma, index) => (luma > 110 ? [index] : []));
    expect(bright).toEqual([0, 1, 2, 30, 31, 32]);
    expect(Math.max(...lumas) - Math.min(...lumas)).toBeGreaterThan(50);
  });

  it('differs from one frame to the next', () => {
    const subject = picture();
    const first = subject.paint(0.5, '', 0).slice();
    expect(subject.paint(0.5 + 1 / fps, '', 0)).not.toEqual(first);
  });

  it('shows the clock', () => {
    const subject = picture();
    const first = subject.paint(0.5, '00:00:00.50', 0).slice();
    expect(subject.paint(0.5, '00:00:00.51', 0)).not.toEqual(first);
  });

  it('shows the time as a code', () => {
    const subject = picture();
    for (const code of [0, 1, 4711, 65_535]) {
      const luma = subject.paint(0, '00:00:00.00', code).subarray(0, width * height);
      expect(readPictureCode(luma, width, height)).toBe(code);
    }
  });

  it('paints the smallest picture that the contract allows', () => {
    expect(new TestPicture(16, 16, 30, glyphs).paint(0, '00:00:00.00', 0).length).toBe(384);
  });
});

describe('clockText', () => {
  it('shows the time of day in hundredths', () => {
    expect(clockText(0)).toBe('00:00:00.00');
    expect(clockText(13 * 3600 + 5 * 60 + 9.5)).toBe('13:05:09.50');
    expect(clockText(24 * 3600 + 1)).toBe('00:00:01.00');
  });
});
