import { pictureCodeAt } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { PlaybackGauge } from './playback-gauge.js';

const lateMs = 1_500;

/** A scene in which each cell goes its own way. */
const scene = (time: number): Float32Array =>
  Float32Array.from(
    { length: 144 },
    (_, cell) => 90 + 20 * Math.sin((time / 1000) * (0.7 + ((cell * 37) % 50) / 20) + cell * cell),
  );

interface Playing {
  readonly isCoded?: boolean;
  readonly isCaptured?: boolean;
  /** From when on nothing moves before the camera. */
  readonly stillFrom?: number;
}

/** Captures and plays for so long; what is told each second. */
function play(gauge: PlaybackGauge, from: number, seconds: number, playing: Playing = {}) {
  const { isCoded = false, isCaptured = true, stillFrom = Infinity } = playing;
  const told = [];
  for (let now = from; now < from + seconds * 1000; now += 100) {
    const picture = (time: number) => ({
      cells: scene(Math.min(time, stillFrom)),
      ...(isCoded && { code: pictureCodeAt(time) }),
    });
    if (isCaptured) gauge.captured({ at: now, ...picture(now) });
    gauge.played({ at: now, peakDb: -20, ...picture(now - lateMs) });
    if (now % 1000 === 0) told.push(gauge.judge(now, true));
  }
  return told;
}

describe('PlaybackGauge', () => {
  it('reads the delay of a test picture at once, and matches that of a camera after some seconds', () => {
    const coded = play(new PlaybackGauge(), 0, 4, { isCoded: true });
    const matched = play(new PlaybackGauge(), 0, 30);
    expect(coded[0]?.delay).toEqual({ type: 'measuring' });
    expect(matched[2]?.delay).toEqual({ type: 'measuring' });
    for (const { delay } of [coded.at(-1), matched.at(-1)].flatMap((each) => each ?? [])) {
      expect(delay.type).toBe('measured');
      if (delay.type === 'measured') expect(Math.abs(delay.ms - lateMs)).toBeLessThan(50);
    }
  });

  it('says that a scene that stands still cannot be measured, and calls that no fault', () => {
    const gauge = new PlaybackGauge();
    play(gauge, 0, 20);
    const told = play(gauge, 20_000, 40, { stillFrom: 20_000 }).at(-1);
    expect(told).toEqual({ delay: { type: 'still' }, verdict: {} });
  });

  it('knows no delay in a window that does not capture', () => {
    const told = play(new PlaybackGauge(), 0, 10, { isCaptured: false });
    expect(told[1]?.delay).toEqual({ type: 'measuring' });
    expect(told.at(-1)?.delay).toEqual({ type: 'unknown' });
  });
});
