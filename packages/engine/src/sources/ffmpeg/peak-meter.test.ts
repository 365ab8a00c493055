import { describe, expect, it } from 'vitest';
import { PeakMeter } from './peak-meter.js';

const samples = (...values: number[]): Uint8Array => new Uint8Array(new Int16Array(values).buffer);

describe('PeakMeter', () => {
  it('takes the loudest sample of either sign, in dBFS', () => {
    const meter = new PeakMeter();
    meter.push(samples(100, -0x4000, 200));
    expect(meter.readPeak()).toBeCloseTo(-6.02, 2);
    meter.push(samples(-0x8000));
    expect(meter.readPeak()).toBe(0);
  });

  it('starts anew after each reading, and calls nothing silence', () => {
    const meter = new PeakMeter();
    meter.push(samples(1000));
    meter.readPeak();
    expect(meter.readPeak()).toBe(-Infinity);
    meter.push(samples(0, 0));
    expect(meter.readPeak()).toBe(-Infinity);
  });

  it('reads samples that are cut in two', () => {
    const bytes = samples(1, -0x2000, 3, 4);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const meter = new PeakMeter();
      meter.push(bytes.subarray(0, cut));
      meter.push(bytes.subarray(cut, cut));
      meter.push(bytes.subarray(cut));
      expect(meter.readPeak()).toBeCloseTo(-12.04, 2);
    }
  });
});
