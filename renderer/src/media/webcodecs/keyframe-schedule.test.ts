import { describe, expect, it } from 'vitest';
import { KeyframeSchedule } from './keyframe-schedule.js';

const keyframesOf = (times: readonly number[], interval: number, fps: number): number[] => {
  const schedule = new KeyframeSchedule(interval, fps);
  return times.filter((time) => schedule.isDue(time));
};

describe('KeyframeSchedule', () => {
  it('takes the first frame and each multiple of the interval', () => {
    const times = Array.from({ length: 181 }, (_, index) => (index * 1e6) / 30);
    expect(keyframesOf(times, 2, 30).map(Math.round)).toEqual([0, 2e6, 4e6, 6e6]);
  });

  it('takes the frame that is nearest where times jitter', () => {
    expect(keyframesOf([0, 990_000, 1_020_000, 1_990_000], 1, 30)).toEqual([0, 990_000, 1_990_000]);
  });

  it('does not make up for keyframes that a gap swallowed', () => {
    expect(keyframesOf([0, 5_100_000, 5_200_000, 6_000_000], 1, 30)).toEqual([
      0, 5_100_000, 6_000_000,
    ]);
  });

  it('wants a keyframe of a new encoder', () => {
    const schedule = new KeyframeSchedule(2, 30);
    schedule.isDue(0);
    schedule.restart();
    expect(schedule.isDue(100_000)).toBe(true);
    expect(schedule.isDue(133_333)).toBe(false);
  });
});
