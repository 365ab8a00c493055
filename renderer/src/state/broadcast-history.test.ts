import { expect, it } from 'vitest';
import type { BroadcastSnapshot, DestinationStatus } from '@tallylight/contract';
import { destination, snapshot, statistics } from '../../test/snapshots.js';
import { BroadcastHistory, historyMs } from './broadcast-history.js';

const epoch = Date.UTC(2026, 0, 1, 20, 0, 0);

/** Two clocks and a history; it is given a snapshot after so many milliseconds. */
function begin() {
  const clock = { time: 5_000, wall: epoch };
  const history = new BroadcastHistory({
    monotonic: () => clock.time,
    wall: () => clock.wall,
  });
  const after = (
    milliseconds: number,
    outputs: readonly DestinationStatus[] = [live()],
    patch: Partial<BroadcastSnapshot> = {},
  ): void => {
    clock.time += milliseconds;
    clock.wall += milliseconds;
    history.receive(snapshot({ startedAt: 1, outputs: [...outputs], ...patch }));
  };
  return { history, clock, after };
}

const live = (patch: Partial<DestinationStatus> = {}): DestinationStatus =>
  destination({
    ...{ state: 'live', goLiveMs: 900, bitrate: 2_000_000, fps: 30, rttMs: 20 },
    ...patch,
  });

it('has the figures of each snapshot, half a second apart', () => {
  const { history, after } = begin();
  after(500, [live({ bitrate: 1_000_000 })], { wanted: { fps: 30, videoBitrate: 2_500_000 } });
  after(500, [live({ bitrate: 2_000_000, fps: 29, rttMs: 40 })]);
  const { times, to, from } = history.rows();
  expect(times).toEqual([5_500, 6_000]);
  expect({ from, to }).toEqual({ from: 6_000 - 60_000, to: 6_000 });
  expect(history.values('bitrate church')).toEqual([1_000_000, 2_000_000]);
  expect(history.values('fps church')).toEqual([30, 29]);
  expect(history.values('roundTrip church')).toEqual([20, 40]);
  expect(history.values('left')).toEqual([1_000_000, 2_000_000]);
  expect(history.values('wanted')).toEqual([2_500_000, null]);
});

it('has what the program costs, how fast the source is, and what was lost before it was sent', () => {
  const { history, after } = begin();
  const program = { cpu: 0.5, memoryBytes: 400_000_000 };
  after(500, [live({ queuedMs: 120 })], { statistics: statistics({ droppedFrames: 3 }) });
  after(500, [live()], {
    program,
    statistics: { ...statistics({ droppedFrames: 5 }), encoderSpeed: 0.5 },
  });
  // While it is only recorded, too.
  after(500, [], { program, state: 'recording' });
  expect(history.values('cpu')).toEqual([null, 0.5, 0.5]);
  expect(history.values('memory')).toEqual([null, 400_000_000, 400_000_000]);
  expect(history.values('speed')).toEqual([null, 0.5, null]);
  expect(history.values('lostHere')).toEqual([null, 2, null]);
  expect(history.perSecond('lostHere')).toEqual([null, 4, null]);
  expect(history.values('queue church')).toEqual([120, null, null]);
});

it('leaves out what comes sooner, but not the change that it tells of', () => {
  const { history, after } = begin();
  after(500);
  after(10);
  after(10, [live({ state: 'reconnecting', bitrate: 0 })], { state: 'reconnecting' });
  after(10, [live({ state: 'reconnecting', bitrate: 0 })], { state: 'reconnecting' });
  expect(history.values('bitrate church')).toEqual([2_000_000, 0]);
});

it('counts what was lost from row to row, and tells it per second; every frame once', () => {
  const { history, after } = begin();
  const lost = [4, 4, 9, 9, 24];
  for (const framesDropped of lost) after(500, [live({ framesDropped })]);
  // One that comes too soon for a row is counted in the next.
  after(100, [live({ framesDropped: 30 })]);
  after(400, [live({ framesDropped: 30, framesMissed: 15 })]);
  expect(history.values('lost church')).toEqual([null, 0, 5, 0, 15, 21]);
  expect(history.perSecond('lost church')).toEqual([null, 0, 10, 0, 30, 42]);
});

it('tells nothing lost of one that was never live, nor of one that is ended, and a dead one evenly', () => {
  const { history, after } = begin();
  const never = (framesMissed: number): DestinationStatus =>
    destination({ id: 'never', state: 'failed', framesMissed });
  const dead = (framesMissed: number): DestinationStatus =>
    live({ state: 'reconnecting', framesMissed });
  // As an engine counts that has held two seconds of it by the time that it is back.
  for (const missed of [0, 15, 30, 45]) after(500, [dead(missed), never(missed)]);
  // From when it is live on, what it loses is counted anew.
  after(500, [live({ framesMissed: 15 }), live({ id: 'never', framesMissed: 4 })]);
  after(500, [
    live({ state: 'stopped', framesMissed: 15 }),
    live({ id: 'never', framesMissed: 4 }),
  ]);
  expect(history.perSecond('lost church')).toEqual([null, 30, 30, 30, 0, null]);
  expect(history.perSecond('lost never')).toEqual([null, null, null, null, 8, 0]);
  // All together it is what the account says, too.
  expect(history.values('lost church').reduce((sum, lost) => Number(sum) + Number(lost), 0)).toBe(
    15,
  );
  expect(history.values('bitrate church').at(-1)).toBeNull();
});

it('has a gap where no snapshot came for a while, also of what was lost meanwhile', () => {
  const { history, after } = begin();
  after(500);
  after(500);
  after(30_000, [live({ framesMissed: 900 })]);
  expect(history.values('bitrate church')).toEqual([2_000_000, 2_000_000, null, 2_000_000]);
  const perSecond = history.perSecond('lost church');
  expect(perSecond[3]).toBeCloseTo(30, 0);
  after(1_999, [live({ framesMissed: 900 })]);
  expect(history.values('left').filter((value) => value === null)).toHaveLength(1);
});

it('has a gap where a server was silent, and nothing is known', () => {
  const { history, after } = begin();
  after(500);
  const { bitrate, ...rest } = live();
  expect(bitrate).toBeDefined();
  after(500, [rest]);
  after(500);
  expect(history.values('bitrate church')).toEqual([2_000_000, null, 2_000_000]);
});

it.each([3_600_000, -3_600_000])(
  'keeps what it has in its place when the clock on the wall is set by %i ms, with a gap there',
  (jump) => {
    const { history, clock, after } = begin();
    after(500);
    after(500);
    clock.wall += jump;
    after(500);
    const { times } = history.rows();
    expect(times).toEqual([5_500, 6_000, 6_001, 6_500]);
    expect(history.values('left')).toEqual([2_000_000, 2_000_000, null, 2_000_000]);
    expect(history.clockAt(6_000)).toBe(epoch + 1_000);
    expect(history.clockAt(6_500)).toBe(epoch + 1_500 + jump);
    expect(history.timeOf(epoch + 1_000)).toBe(6_000);
    expect(history.timeOf(epoch + 1_500 + jump)).toBe(6_500);
    // What the engine noted between the jump and the first row after it.
    expect(history.timeOf(epoch + 1_400 + jump)).toBe(6_400);
    expect(history.timeOf(epoch + jump / 2)).toBeUndefined();
  },
);

it('follows a clock that is put right bit by bit without a gap', () => {
  const { history, clock, after } = begin();
  for (let index = 0; index < 100; index++) {
    clock.wall += 20;
    after(500);
  }
  expect(history.values('left')).not.toContain(null);
  expect(Math.abs(history.clockAt(history.rows().to) - clock.wall)).toBeLessThanOrEqual(250);
});

it('has a gap where the computer slept, which the monotonic clock may not notice', () => {
  const { history, clock, after } = begin();
  after(500);
  clock.wall += 3 * 3_600_000;
  after(500);
  expect(history.values('left')).toEqual([2_000_000, null, 2_000_000]);
});

it('is not put out by a clock that stands still', () => {
  const { history, after } = begin();
  after(500);
  after(0, [live()], { state: 'reconnecting' });
  expect(history.rows().times).toEqual([5_500]);
});

it('has nothing of a destination before it was added, nor after it was removed', () => {
  const { history, after } = begin();
  const other = live({ id: 'other', name: 'Other', bitrate: 1_000_000 });
  after(500);
  after(500, [live(), other]);
  after(500, [live(), other]);
  after(500, [live()]);
  expect(history.values('bitrate other')).toEqual([null, 1_000_000, 1_000_000, null]);
  expect(history.destinations.map(({ name }) => name)).toEqual(['Church server', 'Other']);
  // Added again, it counts anew.
  after(500, [live(), { ...other, framesDropped: 2 }]);
  after(500, [live(), { ...other, framesDropped: 3 }]);
  expect(history.values('lost other')).toEqual([null, null, 0, null, null, 1]);
});

it('counts what one that still connects has lost, from the first that is known of it', () => {
  const { history, after } = begin();
  const { bitrate, fps, rttMs, ...connecting } = live({ state: 'connecting' });
  expect({ bitrate, fps, rttMs }).toBeDefined();
  after(500, [connecting]);
  after(500, [live({ framesDropped: 7 })]);
  expect(history.values('lost church')).toEqual([null, 7]);
});

it('shows one minute first, and at most ten, and forgets what is older', () => {
  const { history, after } = begin();
  const spanAfter = (rows: number): number => {
    for (let row = 0; row < rows; row++) after(500);
    return history.spanMs;
  };
  expect(spanAfter(120)).toBe(60_000);
  expect(spanAfter(120)).toBe(120_000);
  expect(spanAfter(200)).toBe(300_000);
  expect(spanAfter(400)).toBe(historyMs);
  after(500, [live(), live({ id: 'short', name: 'Short' })]);
  spanAfter(3_000);
  const { from, times } = history.rows();
  expect(times).toHaveLength(1_201);
  expect(times.every((time) => time >= from)).toBe(true);
  expect(history.destinations.map(({ id }) => id)).toEqual(['church']);
});

it('begins anew with the next broadcast, and keeps the last one until then', () => {
  const { history, after } = begin();
  after(500);
  after(500, [], { state: 'ended' });
  expect(history.values('left')).toEqual([2_000_000]);
  after(500, [], { state: 'connecting', startedAt: 2 });
  expect(history.isEmpty).toBe(true);
  expect(history.destinations).toEqual([]);
});

it('does not say of what is only recorded that nothing leaves', () => {
  const { history, after } = begin();
  after(500, [], { state: 'recording' });
  expect(history.values('left')).toEqual([null]);
});
