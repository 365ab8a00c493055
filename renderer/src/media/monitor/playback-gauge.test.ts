import { pictureCodeAt } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { PlaybackGauge, type Sent } from './playback-gauge.js';

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
  readonly sent?: Partial<Sent>;
  readonly peakDb?: number;
}

/** Captures and plays for so long; what is told each second. */
function play(gauge: PlaybackGauge, from: number, seconds: number, playing: Playing = {}) {
  const { isCoded = false, isCaptured = true, stillFrom = Infinity, peakDb = -20 } = playing;
  const sent: Sent = { view: 'captured', hasSound: true, ...playing.sent };
  const told = [];
  for (let now = from; now < from + seconds * 1000; now += 100) {
    const picture = (time: number) => ({
      cells: scene(Math.min(time, stillFrom)),
      ...(isCoded && { code: pictureCodeAt(time) }),
    });
    if (isCaptured) gauge.captured({ at: now, ...picture(now) });
    gauge.played({ at: now, peakDb, ...picture(now - lateMs) });
    if (now % 1000 === 0) told.push(gauge.judge(now, sent));
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

  it('tells at once where the delay cannot be known, and only there', () => {
    for (const view of ['elsewhere', 'files', 'stream'] as const) {
      const told = play(new PlaybackGauge(), 0, 10, {
        sent: { view },
        isCaptured: view !== 'elsewhere',
      });
      expect(told.map(({ delay }) => delay.type)).toEqual(told.map(() => view));
    }
  });

  it('goes on where a busy computer gives no captured picture for a while', () => {
    const coded = new PlaybackGauge();
    play(coded, 0, 10, { isCoded: true });
    for (const { delay } of play(coded, 10_000, 20, { isCoded: true, isCaptured: false })) {
      expect(delay).toMatchObject({ type: 'measured', isOld: false });
    }
    const matched = new PlaybackGauge();
    play(matched, 0, 30);
    // Within what was captured it is matched still, then the figure is told as an old one, then none.
    const told = play(matched, 30_000, 25, { isCaptured: false }).map(({ delay }) =>
      delay.type === 'measured' && delay.isOld ? 'old' : delay.type,
    );
    expect([...new Set(told)]).toEqual(['measured', 'old', 'measuring']);
  });

  it('does not blame what is sent on purpose, until it can have been seen', () => {
    const gauge = new PlaybackGauge();
    const slate = { stillFrom: 20_000, peakDb: -Infinity };
    const sent = { view: 'files' } as const;
    play(gauge, 0, 20, { sent });
    const paused = play(gauge, 20_000, 60, { ...slate, sent: { ...sent, inPlace: 'slate' } });
    expect(paused.map(({ verdict }) => verdict)).toEqual(paused.map(() => ({})));
    const after = play(gauge, 80_000, 25, { ...slate, sent });
    expect(after.at(-1)?.verdict).toEqual({});
    // A slate that never ends is a fault again.
    expect(play(gauge, 105_000, 30, { ...slate, sent }).at(-1)?.verdict).toHaveProperty(
      'silentSince',
    );
  });
});
