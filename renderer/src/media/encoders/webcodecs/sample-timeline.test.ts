import { describe, expect, it } from 'vitest';
import { SampleTimeline } from './sample-timeline.js';

describe('SampleTimeline', () => {
  it('knows nothing before the first samples', () => {
    expect(new SampleTimeline(48_000).timeOf(0)).toBeUndefined();
  });

  it('counts samples through jitter', () => {
    const timeline = new SampleTimeline(48_000);
    for (let index = 0; index < 100; index++) {
      timeline.append(index * 10_000 + (index % 2 === 0 ? 0 : 3000), 480);
    }
    const drift = (timeline.timeOf(48_000) ?? 0) - 1_000_000;
    expect(Math.abs(drift)).toBeLessThan(1000);
    const step = (timeline.timeOf(1024) ?? 0) - (timeline.timeOf(0) ?? 0);
    expect(step).toBeCloseTo((1024 / 48_000) * 1e6, 3);
  });

  it('follows a sound card whose clock is slow', () => {
    // 200 parts in a million: 12 ms in a minute if it were only counted.
    const timeline = new SampleTimeline(48_000);
    for (let index = 0; index < 6000; index++) timeline.append(index * 10_002, 480);
    const error = (timeline.timeOf(6000 * 480) ?? 0) - 6000 * 10_002;
    expect(Math.abs(error)).toBeLessThan(2000);
  });

  it('jumps over a gap', () => {
    const timeline = new SampleTimeline(48_000);
    timeline.append(0, 480);
    timeline.append(2_000_000, 480);
    expect(timeline.timeOf(480)).toBe(2_000_000);
  });

  it.each([20_000, 40_000, 90_000, -30_000])(
    'jumps over %i µs of lost samples once they are no jitter',
    (lost) => {
      const timeline = new SampleTimeline(48_000);
      const jitter = (index: number): number => (index % 2 === 0 ? 0 : 3000);
      for (let index = 0; index < 50; index++) timeline.append(index * 10_000, 480);
      for (let index = 50; index < 76; index++) {
        timeline.append(index * 10_000 + lost + jitter(index), 480);
      }
      const error = (timeline.timeOf(76 * 480) ?? 0) - (76 * 10_000 + lost);
      expect(Math.abs(error)).toBeLessThan(3000);
    },
  );

  it('takes a burst of late measurements for jitter', () => {
    const timeline = new SampleTimeline(48_000);
    for (let index = 0; index < 500; index++) {
      const late = index % 100 >= 80 ? 60_000 - 3000 * ((index % 100) - 80) : 0;
      timeline.append(index * 10_000 + late, 480);
      const error = (timeline.timeOf(index * 480) ?? 0) - index * 10_000;
      expect(Math.abs(error)).toBeLessThan(5000);
    }
  });
});
