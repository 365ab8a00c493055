import { describe, expect, it } from 'vitest';
import { beepSamples } from './test-beep.js';

describe('beepSamples', () => {
  const second = beepSamples(0, 48_000, 48_000, 30);

  it('sounds for the first tenth of a second only', () => {
    expect(second.slice(0, 480).some((sample) => Math.abs(sample) > 0.2)).toBe(true);
    expect(second.slice(4800).every((sample) => sample === 0)).toBe(true);
  });

  it('is a 1 kHz tone of −12 dBFS', () => {
    const tone = second.slice(480, 4320);
    const crossings = tone.filter((sample, i) => i > 0 && sample >= 0 && (tone[i - 1] ?? 0) < 0);
    expect(crossings.length).toBeGreaterThanOrEqual(79);
    expect(crossings.length).toBeLessThanOrEqual(81);
    expect(Math.max(...tone)).toBeCloseTo(0.25, 2);
  });

  it('is the same in chunks of any size', () => {
    const chunks = Array.from({ length: 100 }, (_, i) => [
      ...beepSamples(i * 480, 480, 48_000, 30),
    ]);
    expect(chunks.flat()).toEqual([...second]);
  });
});
