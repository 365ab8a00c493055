import type {
  DestinationStatus,
  FrameAccount,
  Health,
  OutputStatus,
  Statistics,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { nextHealth, withoutVerdict, type HealthState } from './health.js';

interface Rates {
  /** A second, of the device; by itself nothing is known of it. */
  readonly device?: number;
  /** Of these: shown again, since the device gave none. */
  readonly repeated?: number;
  readonly encoded: number;
  readonly lost?: number;
  readonly dropped?: number;
  readonly missed?: number;
  readonly moved?: number;
  readonly state?: DestinationStatus['state'];
  readonly silentMs?: number;
  /** As it is at the end. */
  readonly soundBehindMs?: number;
}

/** A broadcast of 30 frames a second, looked at twice a second. */
class Show {
  #at = 0;
  #device: number | undefined;
  #repeated: number | undefined;
  #encoded = 0;
  #lost = 0;
  #dropped = 0;
  #moved = 0;
  #missed = 0;
  #state: HealthState | undefined;
  readonly healths: (Health | undefined)[] = [];

  run(seconds: number, rates: Rates): Health | undefined {
    const { device, repeated, encoded, lost = 0, dropped = 0, missed = 0, state = 'live' } = rates;
    const { moved = 0 } = rates;
    for (let step = 0; step < seconds * 2; step++) {
      this.#at += 500;
      if (device !== undefined) this.#device = (this.#device ?? 0) + device / 2;
      if (repeated !== undefined) this.#repeated = (this.#repeated ?? 0) + repeated / 2;
      this.#encoded += encoded / 2;
      this.#lost += lost / 2;
      this.#dropped += dropped / 2;
      this.#moved += moved / 2;
      this.#missed += missed / 2;
      this.#state = nextHealth(this.#state, this.#snapshot(state, rates), 30, this.#at);
      this.healths.push(this.#state.health);
    }
    return this.healths.at(-1);
  }

  /** Nobody has it: the broadcast itself is reconnecting. */
  loseAll(seconds: number, fps = 30): void {
    for (let step = 0; step < seconds * 2; step++) {
      this.#at += 500;
      if (this.#device !== undefined) this.#device += fps / 2;
      this.#encoded += fps / 2;
      this.#missed += fps / 2;
      this.#state = withoutVerdict(this.#state, this.#snapshot('reconnecting', {}), this.#at);
    }
  }

  #snapshot(
    state: DestinationStatus['state'],
    { silentMs, soundBehindMs }: Pick<Rates, 'silentMs' | 'soundBehindMs'>,
  ) {
    const account: FrameAccount = {
      ...{ elapsedMs: this.#at, offered: this.#device ?? 0, surplus: 0 },
      lost: { reading: 0, encoder: this.#lost, channel: 0 },
      ...(this.#repeated !== undefined && { repeated: this.#repeated }),
      encoded: this.#encoded,
    };
    const audio = {
      ...{ frames: 0, bytes: 0 },
      ...(soundBehindMs !== undefined && { behindMs: soundBehindMs }),
    };
    const framesSent = this.#encoded - this.#dropped - this.#moved - this.#missed;
    const statistics: Statistics = {
      ...{ durationMs: this.#at, bitrate: 0, audio },
      video: {
        ...{ frames: this.#encoded, bytes: 0, keyframes: 0, fps: 30, droppedFrames: this.#lost },
        ...(this.#device !== undefined && { account }),
      },
    };
    const output: OutputStatus = {
      ...{ type: 'rtmp', reach: 'public', id: 'church', name: 'Church', url: '', steps: [] },
      ...{ state, framesSent, framesMissed: this.#missed },
      framesDropped: this.#dropped + this.#moved,
      droppedBy: { network: this.#dropped, move: this.#moved },
      ...{ bytesSent: 0, reconnects: 0, goLiveMs: 900 },
      ...(silentMs !== undefined && { silentMs }),
    };
    return { outputs: [output], statistics };
  }
}

const shown = (health: Health | undefined) =>
  health && { level: health.level, cause: health.cause, fps: Math.round(health.fps * 10) / 10 };

describe('health', () => {
  it.each([
    ['all of it', { device: 30, encoded: 30 }, 'good', 'none', 30],
    ['29.97 of a camera', { device: 29.97, encoded: 29.97 }, 'good', 'none', 30],
    ['28.8 of a camera', { device: 28.8, encoded: 28.8 }, 'good', 'camera', 28.8],
    ['27 of a camera', { device: 27, encoded: 27 }, 'fair', 'camera', 27],
    ['20 of a camera', { device: 20, encoded: 20 }, 'fair', 'camera', 20],
    ['19.7 of a camera', { device: 19.7, encoded: 19.7 }, 'fair', 'camera', 19.7],
    ['15 of a camera', { device: 15, encoded: 15 }, 'poor', 'camera', 15],
    ['10 of a camera', { device: 10, encoded: 10 }, 'poor', 'camera', 10],
    ['24 of a camera, filled up', { device: 24, repeated: 6, encoded: 30 }, 'fair', 'camera', 30],
    ['10 of a camera, filled up', { device: 10, repeated: 20, encoded: 30 }, 'poor', 'camera', 30],
    ['what is late', { device: 24, repeated: 0, encoded: 24 }, 'poor', 'computer', 24],
    ['15 of somewhere', { encoded: 15 }, 'poor', 'source', 15],
    ['25 of somewhere', { encoded: 25 }, 'fair', 'source', 25],
    ['what an encoder leaves', { device: 30, encoded: 29, lost: 1 }, 'fair', 'computer', 29],
    ['half of it', { device: 30, encoded: 15, lost: 15 }, 'poor', 'computer', 15],
    ['what a network takes', { device: 30, encoded: 30, dropped: 0.6 }, 'fair', 'network', 29.4],
    ['less of it', { device: 30, encoded: 30, dropped: 0.2 }, 'good', 'network', 29.8],
    ['too little of it', { device: 30, encoded: 30, dropped: 3 }, 'poor', 'network', 27],
  ] as const)('of %s', (_, rates, level, cause, fps) => {
    expect(shown(new Show().run(10, rates))).toEqual({ level, cause, fps });
  });

  it('names the camera where the computer loses less, and the other way round', () => {
    expect(new Show().run(10, { device: 20, encoded: 19.8, lost: 0.2 })?.cause).toBe('camera');
    expect(new Show().run(10, { device: 29, encoded: 26, lost: 3 })?.cause).toBe('computer');
  });

  it('takes one that is ended and taken out for no loss of the others', () => {
    const of = (id: string, framesSent: number, network: number): DestinationStatus => ({
      ...{ type: 'rtmp', reach: 'public', id, name: id, url: '', steps: [], state: 'live' },
      ...{ framesSent, framesDropped: network, droppedBy: { network, move: 0 }, framesMissed: 0 },
      ...{ bytesSent: 0, reconnects: 0, goLiveMs: 900 },
    });
    let state: HealthState | undefined;
    for (let step = 1; step <= 20; step++) {
      const frames = 15 * step;
      const video = { frames, bytes: 0, keyframes: 0, fps: 30, droppedFrames: 0 };
      const statistics = {
        ...{ durationMs: 500 * step, bitrate: 0, video },
        audio: { frames: 0, bytes: 0 },
      };
      const dropped = step > 10 ? 1 : 0;
      const stays = of('stays', frames - dropped, dropped);
      const goes = of('goes', 15 * Math.min(step, 15), 0);
      const there = step > 15 ? { outputs: [stays], removed: [goes] } : { outputs: [stays, goes] };
      state = nextHealth(state, { ...there, statistics }, 30, 500 * step);
    }
    expect(state?.health).toMatchObject({ level: 'good', cause: 'network' });
    expect(state?.health?.droppedRatio).toBeCloseTo(1 / (19 * 15 + 14 * 15), 4);
  });

  it('is at the level of the place that it names', () => {
    const both = new Show().run(10, { device: 20, encoded: 20, dropped: 1.2 });
    expect(shown(both)).toMatchObject({ level: 'poor', cause: 'network' });
    // However much more of it is missing at the camera.
    const camera = new Show().run(10, { device: 20, encoded: 20, dropped: 0.1 });
    expect(shown(camera)).toMatchObject({ level: 'fair', cause: 'camera' });
  });

  it.each([
    ['a burst on the network', { device: 20, encoded: 20, dropped: 10 }],
    ['a few dark seconds', { device: 5, encoded: 5 }],
  ] as const)('says the same of a camera after %s as before', (_, disturbance) => {
    const show = new Show();
    const camera = { device: 20, encoded: 20 };
    const before = show.run(10, camera);
    expect(show.run(3, disturbance)?.level).toBe('poor');
    expect(shown(show.run(20, camera))).toEqual(shown(before));
  });

  it('gives no verdict before there was enough to judge by, whatever it is', () => {
    for (const rates of [{ encoded: 30 }, { encoded: 3 }, { encoded: 28, dropped: 2 }]) {
      const show = new Show();
      expect(show.run(4, rates)).toBeUndefined();
      expect(show.run(0.5, rates)).toBeDefined();
    }
  });

  it('does not flap where the camera is about a limit', () => {
    const show = new Show();
    show.run(10, { device: 28.4, encoded: 28.4 });
    for (let i = 0; i < 30; i++) {
      show.run(3, { device: 28.2, encoded: 28.2 });
      show.run(3, { device: 28.8, encoded: 28.8 });
    }
    const since = new Set(show.healths.slice(20).map((health) => health?.since));
    expect(since.size).toBe(1);
    expect(show.healths.at(-1)?.level).toBe('fair');
  });

  it('recovers five seconds after the lost frames are ten seconds old, and says since when', () => {
    const show = new Show();
    show.run(5, { device: 30, encoded: 30 });
    const bad = show.run(2, { device: 30, encoded: 30, dropped: 15 });
    expect(bad).toMatchObject({ level: 'poor', cause: 'network', since: 6000 });
    expect(show.run(12, { device: 30, encoded: 30 })).toMatchObject({ level: 'poor', since: 6000 });
    expect(show.run(5, { device: 30, encoded: 30 })).toMatchObject({ level: 'good' });
  });

  it('does not blame the network for what was missed while the server was away', () => {
    const show = new Show();
    show.run(10, { device: 30, encoded: 30 });
    const away = show.run(5, { device: 30, encoded: 30, missed: 30, state: 'reconnecting' });
    expect(away).toMatchObject({ level: 'poor', cause: 'reconnecting', since: 10_500 });
    const all = { device: 30, encoded: 30 };
    expect(shown(show.run(1, all))).toEqual({ level: 'fair', cause: 'away', fps: 30 });
    expect(show.run(8.5, all)?.cause).toBe('away');
    expect(shown(show.run(1, all))).toEqual({ level: 'good', cause: 'none', fps: 30 });
  });

  it('does not blame the network for what was lost while a server sent the stream on', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    show.run(10, all);
    expect(shown(show.run(1, { ...all, moved: 30 }))).toEqual({
      ...{ level: 'fair', cause: 'away', fps: 30 },
    });
    expect(show.run(8.5, all)?.cause).toBe('away');
    expect(shown(show.run(1.5, all))).toEqual({ level: 'good', cause: 'none', fps: 30 });
  });

  it('remembers since when a camera is slow, over a loss', () => {
    const show = new Show();
    show.run(5, { device: 30, encoded: 30 });
    const slow = show.run(20, { device: 20, encoded: 20 });
    expect(slow).toMatchObject({ level: 'fair', cause: 'camera' });
    for (const lose of [
      () => show.run(5, { device: 20, encoded: 20, missed: 20, state: 'reconnecting' }),
      () => show.loseAll(5, 20),
    ]) {
      lose();
      expect(show.run(15, { device: 20, encoded: 20 })).toMatchObject({
        ...{ level: 'fair', cause: 'camera', since: slow?.since },
      });
    }
  });

  it('remembers what was missed while no server was there at all', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    show.run(10, all);
    show.loseAll(3);
    expect(shown(show.run(0.5, all))).toEqual({ level: 'fair', cause: 'away', fps: 30 });
    expect(show.run(9, all)?.cause).toBe('away');
    expect(shown(show.run(1, all))).toEqual({ level: 'good', cause: 'none', fps: 30 });
  });

  it('tells of how long it speaks: never of more than has been on air', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    expect(show.run(4.5, all)?.measuredMs).toBe(4_000);
    expect(show.run(3, all)?.measuredMs).toBe(7_000);
    expect(show.run(60, all)?.measuredMs).toBe(10_000);
    // It knows nothing of what was lost before.
    const late = new Show();
    late.run(5, { device: 30, encoded: 30, dropped: 3 });
    expect(late.healths.at(-1)).toMatchObject({ measuredMs: 4_500, cause: 'network' });
    expect(late.healths.at(-1)?.droppedRatio).toBeCloseTo(0.1);
  });

  it('is recovering while only the hold keeps it from being good', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    show.run(10, all);
    expect(show.run(2, { ...all, dropped: 15 })?.isRecovering).toBeUndefined();
    expect(show.run(8.5, all)).toMatchObject({ level: 'poor' });
    expect(show.healths.at(-1)?.isRecovering).toBeUndefined();
    expect(show.run(2, all)).toMatchObject({ level: 'poor', isRecovering: true });
    // Four of a hundred: better than before, but not good enough to become good.
    const camera = new Show();
    camera.run(15, { device: 27, encoded: 27 });
    expect(camera.run(20, { device: 28.6, encoded: 28.6 })).toMatchObject({ level: 'fair' });
    expect(camera.healths.at(-1)?.isRecovering).toBeUndefined();
  });

  it('is poor where a server does not answer, whatever still seems to leave', () => {
    const health = new Show().run(1, { encoded: 30, silentMs: 7_000 });
    expect(shown(health)).toMatchObject({ level: 'poor', cause: 'silent' });
  });

  it('is poor while the sound is more than a second behind, until it has been well below that for a while', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    expect(show.run(10, { ...all, soundBehindMs: 1_000 })).toMatchObject({
      ...{ level: 'good', cause: 'none', soundBehindMs: 1_000 },
    });
    expect(show.run(0.5, { ...all, soundBehindMs: 1_200 })).toMatchObject({
      ...{ level: 'poor', cause: 'sound', soundBehindMs: 1_200, since: 10_500 },
    });
    // A little less is no better, for however long.
    expect(show.run(20, { ...all, soundBehindMs: 900 })).toMatchObject({ cause: 'sound' });
    expect(show.healths.at(-1)?.isRecovering).toBeUndefined();
    expect(show.run(5, { ...all, soundBehindMs: 300 })).toMatchObject({
      ...{ level: 'poor', cause: 'sound', isRecovering: true, since: 10_500 },
    });
    expect(shown(show.run(0.5, { ...all, soundBehindMs: 300 }))).toEqual({
      ...{ level: 'good', cause: 'none', fps: 30 },
    });
  });

  it('does not flap where the sound is about a second behind', () => {
    const show = new Show();
    const all = { device: 30, encoded: 30 };
    show.run(10, { ...all, soundBehindMs: 1_100 });
    for (let i = 0; i < 20; i++) {
      show.run(3, { ...all, soundBehindMs: 700 });
      show.run(1, { ...all, soundBehindMs: 1_050 });
    }
    expect(new Set(show.healths.slice(20).map((health) => health?.since)).size).toBe(1);
  });

  it('names the sound where viewers wait for seconds of it, and what is worse than a little of it', () => {
    const slow = { device: 30, encoded: 27, lost: 3 };
    expect(new Show().run(10, { ...slow, soundBehindMs: 3_000 })?.cause).toBe('sound');
    const stuck = { device: 30, encoded: 10, lost: 20 };
    expect(new Show().run(10, { ...stuck, soundBehindMs: 1_500 })?.cause).toBe('computer');
    const dark = { device: 10, encoded: 10, soundBehindMs: 3_000 };
    expect(new Show().run(10, dark)?.cause).toBe('sound');
    // One that has been made up for is not what is wrong now.
    const show = new Show();
    show.run(10, { ...slow, soundBehindMs: 3_000 });
    expect(show.run(1, { ...slow, soundBehindMs: 0 })?.cause).toBe('computer');
  });

  it('is poor where a destination has failed', () => {
    const health = new Show().run(1, { encoded: 30, state: 'failed' });
    expect(health).toMatchObject({ level: 'poor', cause: 'failed' });
  });
});
