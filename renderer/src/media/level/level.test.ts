import { describe, expect, it } from 'vitest';
import { LevelSum, silence } from './level.js';

describe('LevelSum', () => {
  it('measures a full sine as 0 dBFS peak and −3 dBFS RMS', () => {
    const sum = new LevelSum();
    sum.add(Float32Array.from({ length: 4800 }, (_, i) => Math.sin((2 * Math.PI * i) / 48)));
    const { peakDb, rmsDb } = sum.take();
    expect(peakDb).toBeCloseTo(0, 1);
    expect(rmsDb).toBeCloseTo(-3.01, 1);
  });

  it('starts anew after each reading, and calls nothing silence', () => {
    const sum = new LevelSum();
    sum.add(Float32Array.of(0.5, -0.5));
    expect(sum.take().peakDb).toBeCloseTo(-6.02, 1);
    expect(sum.take()).toEqual(silence);
  });

  it('gives −Infinity for digital silence', () => {
    const sum = new LevelSum();
    sum.add(new Float32Array(100));
    expect(sum.take()).toEqual(silence);
  });
});
