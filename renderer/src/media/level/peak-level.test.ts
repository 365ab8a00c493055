import { describe, expect, it } from 'vitest';
import { PeakLevel } from './peak-level.js';

describe('PeakLevel', () => {
  it('measures a full sine as 0 dBFS', () => {
    const level = new PeakLevel();
    level.add(Float32Array.from({ length: 4800 }, (_, i) => Math.sin((2 * Math.PI * i) / 48)));
    expect(level.takeDb()).toBeCloseTo(0, 1);
  });

  it('starts anew after each reading, and calls nothing silence', () => {
    const level = new PeakLevel();
    level.add(Float32Array.of(0.1, -0.5));
    expect(level.takeDb()).toBeCloseTo(-6.02, 1);
    expect(level.takeDb()).toBe(-Infinity);
  });

  it('gives −Infinity for digital silence', () => {
    const level = new PeakLevel();
    level.add(new Float32Array(100));
    expect(level.takeDb()).toBe(-Infinity);
  });
});
