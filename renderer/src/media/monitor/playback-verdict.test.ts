import { describe, expect, it } from 'vitest';
import {
  afterPicture,
  judged,
  type PlaybackState,
  type PlaybackVerdict,
  type Surroundings,
} from './playback-verdict.js';

/** Plays pictures at ten a second, judging each second. */
class Playback {
  now = 100_000;
  state: PlaybackState | undefined;
  readonly #around: Partial<Surroundings>;
  readonly captured: number[] = [];

  constructor(around: Partial<Surroundings> = {}) {
    this.#around = around;
  }

  /** Lets so much time go by. */
  play(
    seconds: number,
    picture: 'moving' | 'frozen' | 'black' | 'none',
    { peakDb = -20, capture = 'moving' }: { peakDb?: number; capture?: 'moving' | 'still' } = {},
  ): PlaybackVerdict {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.now += 100;
      if (capture === 'moving') this.captured.push(this.now);
      if (picture !== 'none') {
        const level =
          picture === 'black' ? 1 : picture === 'moving' ? 60 + (this.now % 7_000) / 100 : 99;
        const cells = new Float32Array(144).fill(50);
        cells.fill(level, 0, picture === 'black' ? 144 : 12);
        this.state = afterPicture(this.state, { at: this.now, cells, peakDb });
      }
      if (tenth % 10 === 9 && this.state) {
        const around = { wantsSound: true, capturedChanges: this.captured, ...this.#around };
        this.state = judged(this.state, { now: this.now, ...around });
      }
    }
    return this.state?.verdict ?? {};
  }
}

describe('the verdict', () => {
  it('has nothing to say of what moves and is heard', () => {
    expect(new Playback({ delayMs: 2_000 }).play(60, 'moving')).toEqual({});
  });

  it('says since when no picture has come, and stops once it moves again', () => {
    const playback = new Playback({ delayMs: 2_000 });
    playback.play(5, 'moving');
    const since = playback.now;
    expect(playback.play(4, 'none')).toEqual({});
    expect(playback.play(2, 'none')).toEqual({ stillSince: since });
    expect(playback.play(30, 'none')).toEqual({ stillSince: since });
    expect(playback.play(1, 'moving')).toEqual({ stillSince: since });
    expect(playback.play(2, 'moving')).toEqual({});
  });

  it('says since when the same picture has come, though the camera moves', () => {
    const playback = new Playback({ delayMs: 2_000 });
    playback.play(5, 'moving');
    const since = playback.now + 100;
    expect(playback.play(6, 'frozen')).toEqual({});
    expect(playback.play(4, 'frozen')).toEqual({ stillSince: since });
    // One other picture is no movement.
    expect(playback.play(1, 'moving')).toEqual({ stillSince: since });
    expect(playback.play(8, 'moving')).toEqual({});
  });

  it('takes no scene for a fault that stands still before the camera, also when it moves again', () => {
    const playback = new Playback({ delayMs: 4_000 });
    playback.play(5, 'moving');
    // What was captured last comes four seconds later.
    playback.play(4, 'moving', { capture: 'still' });
    expect(playback.play(60, 'frozen', { capture: 'still' })).toEqual({});
    expect(playback.play(4, 'frozen', { capture: 'moving' })).toEqual({});
    expect(playback.play(20, 'moving')).toEqual({});
  });

  it('waits for longer where nobody knows what is captured', () => {
    const playback = new Playback({ capturedChanges: undefined });
    playback.play(5, 'moving');
    expect(playback.play(14, 'frozen')).toEqual({});
    expect(playback.play(2, 'frozen')).toHaveProperty('stillSince');
  });

  it('says since when it is black, and not for a moment between two scenes', () => {
    const playback = new Playback({ delayMs: 1_000 });
    playback.play(5, 'moving');
    expect(playback.play(2, 'black')).toEqual({});
    expect(playback.play(2, 'moving')).toEqual({});
    const since = playback.now + 100;
    expect(playback.play(4, 'black')).toEqual({ blackSince: since });
    expect(playback.play(20, 'black')).toHaveProperty('blackSince', since);
    expect(playback.play(4, 'moving')).toEqual({});
  });

  it('says since when nothing is heard, where something should be', () => {
    const playback = new Playback({ delayMs: 1_000 });
    playback.play(5, 'moving');
    const since = playback.now + 100;
    expect(playback.play(9, 'moving', { peakDb: -70 })).toEqual({});
    expect(playback.play(3, 'moving', { peakDb: -Infinity })).toEqual({ silentSince: since });
    // Between the two thresholds it stays what it was.
    expect(playback.play(3, 'moving', { peakDb: -57 })).toEqual({ silentSince: since });
    expect(playback.play(1, 'moving', { peakDb: -30 })).toEqual({});
    expect(playback.play(30, 'moving', { peakDb: -57 })).toEqual({});
    expect(new Playback({ wantsSound: false }).play(30, 'moving', { peakDb: -90 })).toEqual({});
  });

  it('knows nothing of light and sound while no picture comes', () => {
    const playback = new Playback({ delayMs: 1_000 });
    playback.play(5, 'black', { peakDb: -80 });
    const since = playback.now;
    expect(playback.play(30, 'none')).toEqual({ stillSince: since });
    // A pause is neither darkness nor silence that has lasted.
    expect(playback.play(1, 'moving', { peakDb: -80 })).not.toHaveProperty('silentSince');
  });
});
