import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContinuousTimeline } from './continuous-timeline.js';

const ms = 1000;
const second = 1_000_000;
const hour = 3600 * second;
const frame = 40 * ms;
const sound = 23 * ms;

interface Sent {
  readonly track: 'video' | 'audio';
  /** What a clock that is never set says. */
  readonly at: number;
  /** What the publisher says. */
  readonly time: number;
  readonly arrival: number | undefined;
}

interface Clock {
  /** What the publisher's clock is off by, at a moment. */
  readonly offset: (at: number) => number;
  /** When a frame comes; undefined where nobody knows. */
  readonly arrival?: (at: number) => number | undefined;
  /** How far behind the picture the sound is sent. */
  readonly lag?: number;
}

/** Picture and sound of `seconds`, in the order in which they are sent. */
function send(seconds: number, { offset, arrival = (at) => at, lag = 0 }: Clock): Sent[] {
  const sent: (Sent & { readonly order: number })[] = [];
  const add = (track: 'video' | 'audio', step: number, late: number): void => {
    for (let at = 0; at < seconds * second; at += step) {
      const order = at + late;
      sent.push({ track, at, order, time: at + offset(at), arrival: arrival(order) });
    }
  };
  add('video', frame, 0);
  add('audio', sound, lag);
  return sent.toSorted((a, b) => a.order - b.order);
}

function play(sent: readonly Sent[], timeline = new ContinuousTimeline()) {
  return sent.map((each) => ({
    ...each,
    out: each.time + timeline.shiftOf(each.track, each.time, each.arrival),
  }));
}

/** What every player needs: each track rises, by no more than a frame and what lies between the tracks. */
function expectSteady(played: ReturnType<typeof play>, slack: number): void {
  const last = new Map<string, number>();
  for (const { track, out } of played) {
    const step = out - (last.get(track) ?? out);
    expect(step).toBeGreaterThanOrEqual(0);
    expect(step).toBeLessThanOrEqual((track === 'video' ? frame : sound) + slack);
    last.set(track, out);
  }
}

/** The distance between picture and sound of the same moment. */
function expectTogether(played: ReturnType<typeof play>, from: number, tolerance = 0): void {
  const late = played.filter(({ at }) => at >= from);
  const offsets = late.map(({ at, out }) => out - at);
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(tolerance);
}

const after = (moment: number, by: number) => (at: number) => (at >= moment ? by : 0);

describe.each([
  { name: 'with times of arrival', arrival: (at: number) => at },
  { name: 'without times of arrival', arrival: () => undefined },
])('[TIME-05] a publisher whose clock is set, $name', ({ arrival }) => {
  it.each([
    { name: 'back by a minute', by: -60 * second },
    { name: 'back by a second', by: -second },
    { name: 'back to zero, after hours', by: -3 * hour },
    { name: 'ahead by a minute', by: 60 * second },
    { name: 'ahead by an hour', by: hour },
    { name: 'ahead by eleven seconds', by: 11 * second },
  ])('$name', ({ by }) => {
    for (const lag of [0, 100 * ms, 700 * ms]) {
      const base = by < 0 ? -by : 0;
      const step = after(8 * second, by);
      const played = play(send(16, { offset: (at) => base + step(at), arrival, lag }));
      expectSteady(played, lag + 2 * frame);
      expectTogether(played, 9 * second);
      expectTogether(played.slice(0, 300), 0);
    }
  });

  it('again and again', () => {
    const offset = (at: number): number => (Math.floor(at / (3 * second)) % 2 === 0 ? hour : 0);
    const played = play(send(30, { offset, arrival, lag: 50 * ms }));
    expectSteady(played, 50 * ms + 2 * frame);
    expectTogether(
      played.filter(({ at }) => at >= 28 * second),
      28 * second,
    );
  });

  it('a file of three seconds that is published in a loop', () => {
    const loop = 3 * second;
    const offset = (at: number): number => -Math.floor(at / loop) * loop;
    const played = play(send(20, { offset, arrival }));
    expectSteady(played, 2 * frame);
    expect(played.at(-1)?.out).toBeGreaterThan(19 * second);
  });
});

it('leaves times as they are where nothing steps', () => {
  const steady = fc.record({
    start: fc.nat(1e12),
    frames: fc.array(
      fc.record({ step: fc.nat(9_000_000), back: fc.nat(400_000), isAudio: fc.boolean() }),
    ),
  });
  fc.assert(
    fc.property(steady, ({ start, frames }) => {
      const timeline = new ContinuousTimeline();
      let time = start;
      for (const { step, back, isAudio } of frames) {
        time += step;
        // Tracks are interleaved badly, and stamped with jitter.
        const at = Math.max(0, time - back);
        expect(timeline.shiftOf(isAudio ? 'audio' : 'video', at)).toBe(0);
      }
    }),
  );
});

describe('what is no step', () => {
  const rest = (timeline: ContinuousTimeline, time: number, arrival: number): number =>
    timeline.shiftOf('video', time, arrival);

  it('is a pause of hours, in which hours pass', () => {
    const timeline = new ContinuousTimeline();
    expect(rest(timeline, 0, 5)).toBe(0);
    expect(rest(timeline, 3 * hour, 3 * hour)).toBe(0);
    expect(rest(timeline, 3 * hour + frame, 3 * hour + frame)).toBe(0);
  });

  it('is what comes at once after the connection hung, with frames missing', () => {
    const timeline = new ContinuousTimeline();
    expect(rest(timeline, 0, 0)).toBe(0);
    expect(rest(timeline, frame, 40 * second)).toBe(0);
    expect(rest(timeline, 39 * second, 40 * second)).toBe(0);
  });

  it('is a recording that comes faster than it plays, with frames missing', () => {
    const timeline = new ContinuousTimeline();
    for (let at = 0; at < 60 * second; at += 5 * second) expect(rest(timeline, at, 0)).toBe(0);
  });

  it('is a picture that rests for a minute while the sound goes on', () => {
    const sent = send(120, { offset: () => 0, arrival: () => undefined });
    const isResting = ({ track, at }: Sent): boolean =>
      track === 'video' && at > 5 * second && at < 65 * second;
    const played = play(sent.filter((each) => !isResting(each)));
    expect(played.every(({ out, time }) => out === time)).toBe(true);
  });

  it('is the wrap of a clock that has been followed over it', () => {
    const wrap = 2 ** 32 * ms;
    const played = play(send(10, { offset: () => wrap - 5 * second }));
    expect(played.every(({ out, time }) => out === time)).toBe(true);
  });
});

it('keeps apart a picture whose clock alone is set', () => {
  const step = after(5 * second, -60 * second);
  const sent = send(10, { offset: () => 0 }).map((each) =>
    each.track === 'video'
      ? { ...each, time: 60 * second + each.at + step(each.at) }
      : { ...each, time: 60 * second + each.at },
  );
  const played = play(sent);
  expectSteady(played, 2 * frame);
  expectTogether(played, 6 * second, 2 * frame);
});

it('puts a track that begins on another clock beside the others', () => {
  const timeline = new ContinuousTimeline();
  expect(timeline.shiftOf('video', hour, 0)).toBe(0);
  const shift = timeline.shiftOf('audio', 0, 0);
  expect(shift).toBeGreaterThanOrEqual(hour);
  expect(timeline.shiftOf('audio', sound, sound)).toBe(shift);
  expect(timeline.shiftOf('video', hour + frame, frame)).toBe(0);
});

it('goes on a frame after the last, with another publisher', () => {
  const timeline = new ContinuousTimeline();
  timeline.shiftOf('video', 5 * second, 0);
  timeline.restart();
  expect(timeline.place(0)).toBe(5 * second);
  expect(timeline.shiftOf('audio', 0, 0)).toBe(5 * second + frame);
  expect(timeline.shiftOf('video', 20 * ms, 0)).toBe(5 * second + frame);
});

it('places what is no frame at its time, or with the newest frame', () => {
  const timeline = new ContinuousTimeline();
  expect(timeline.place(7)).toBe(7);
  timeline.shiftOf('video', 100 * second, 0);
  expect(timeline.place(100 * second + 1)).toBe(100 * second + 1);
  expect(timeline.place(0)).toBe(100 * second + 1);
  timeline.shiftOf('video', 10 * second, frame);
  expect(timeline.place(10 * second)).toBe(timeline.newest);
});
