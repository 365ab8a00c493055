import { describe, expect, it } from 'vitest';
import { FrameRateMeter } from './frame-rate-meter.js';

function measure(times: readonly number[]): FrameRateMeter {
  const meter = new FrameRateMeter(30);
  for (const time of times) meter.add(time);
  return meter;
}
const at = (fps: number, count = 60): number[] =>
  Array.from({ length: count }, (_, index) => (index * 1e6) / fps);

describe('FrameRateMeter', () => {
  it.each([
    [15, 'slower'],
    [25, 'slower'],
    [27, 'steady'],
    [30, 'steady'],
    [31, 'steady'],
    [33, 'faster'],
    [60, 'faster'],
  ])('finds a camera at %i where 30 are chosen %s', (fps, pace) => {
    const meter = measure(at(fps));
    expect([meter.meanPace, meter.medianPace]).toEqual([pace, pace]);
  });

  it('does not judge by few frames', () => {
    for (const count of [0, 1, 16]) {
      const meter = measure(at(15, count));
      expect([meter.meanPace, meter.medianPace]).toEqual(['unknown', 'unknown']);
    }
    expect(measure(at(15, 17)).meanPace).toBe('slower');
  });

  it('tells lost frames from another rate by the median, and pairs by the mean', () => {
    const lost = measure(at(30).filter((_, index) => index % 4 > 0));
    expect([lost.meanPace, lost.medianPace]).toEqual(['slower', 'steady']);
    const pairs = measure(at(30).map((time, index) => (index % 2 === 0 ? time : time - 30_000)));
    expect([pairs.meanPace, pairs.medianPace]).toEqual(['steady', 'faster']);
  });

  it('forgets what is long past', () => {
    const [slow, later] = [at(15, 100), at(30, 64)];
    const end = slow.at(-1) ?? 0;
    expect(measure([...slow, ...later.map((time) => end + 1e5 + time)]).meanPace).toBe('steady');
  });
});
