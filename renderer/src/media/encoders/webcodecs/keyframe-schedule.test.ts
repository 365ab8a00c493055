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

  it('takes the next frame on request, once, and keeps to the multiples after it', () => {
    const schedule = new KeyframeSchedule(2, 10);
    const keyframes: number[] = [];
    for (let tenth = 0; tenth <= 45; tenth++) {
      if (tenth === 7 || tenth === 19) schedule.requestKeyframe();
      if (tenth === 7) schedule.requestKeyframe();
      if (schedule.isDue(tenth * 100_000)) keyframes.push(tenth);
    }
    expect(keyframes).toEqual([0, 7, 19, 20, 40]);
  });
});
