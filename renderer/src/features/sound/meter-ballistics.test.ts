import { describe, expect, it } from 'vitest';
import { advanceMeter, meterPercent, meterZone, restingMeter } from './meter-ballistics.js';

describe('the sound meter', () => {
  it('rises at once and falls by 24 dB a second', () => {
    const loud = advanceMeter(restingMeter, -10, 1000, 16);
    expect(loud).toEqual({ levelDb: -10, holdDb: -10, heldAt: 1000 });
    const later = advanceMeter(loud, -Infinity, 1500, 500);
    expect(later.levelDb).toBe(-22);
    expect(later.holdDb).toBe(-10);
  });

  it('lets the held peak go after two seconds', () => {
    const loud = advanceMeter(restingMeter, -10, 0, 16);
    expect(advanceMeter(loud, -60, 1999, 100).holdDb).toBe(-10);
    expect(advanceMeter(loud, -60, 2100, 100).holdDb).toBeCloseTo(-12.4);
  });

  it('stays on its scale', () => {
    expect(advanceMeter(restingMeter, 6, 0, 16).levelDb).toBe(0);
    expect(advanceMeter(restingMeter, -Infinity, 0, 5000).levelDb).toBe(-60);
    expect([-80, -60, -20, 0, 3].map(meterPercent).map(Math.round)).toEqual([0, 0, 67, 100, 100]);
  });

  it('has a word for each zone', () => {
    expect([-60, -30, -20, -9, 0].map(meterZone)).toEqual([
      'silent',
      'good',
      'loud',
      'tooLoud',
      'tooLoud',
    ]);
  });
});
