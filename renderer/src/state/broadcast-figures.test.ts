import { describe, expect, it } from 'vitest';
import type { DestinationStatus } from '@tallylight/contract';
import { destination as fresh, snapshot, statistics } from '../../test/snapshots.js';
import {
  destinationDroppedRatio,
  destinationNotSentRatio,
  lostRatio,
  missedFrames,
  mostNotSent,
  roundTripMs,
  wantedBitrate,
} from './broadcast-figures.js';

/** One that was live. */
const destination = (patch: Partial<DestinationStatus>): DestinationStatus =>
  fresh({ goLiveMs: 900, ...patch });

describe('the share of frames that were dropped', () => {
  it('counts what capture and network lost', () => {
    const outputs = [destination({ framesSent: 95, framesDropped: 3 })];
    const lost = statistics({ droppedFrames: 2 });
    expect(lostRatio(snapshot({ outputs, statistics: lost }))).toBeCloseTo(0.05);
    expect(lostRatio(snapshot())).toBe(0);
  });

  it('counts for each destination what none of them could get', () => {
    const one = destination({ framesSent: 90 });
    const outputs = [one, { ...one, id: 'b' }];
    const lost = statistics({ droppedFrames: 10 });
    expect(lostRatio(snapshot({ outputs, statistics: lost }))).toBeCloseTo(0.1);
  });

  it('does not count what was missed while the server was away', () => {
    const back = destination({ framesSent: 100, framesDropped: 0, framesMissed: 325 });
    expect(lostRatio(snapshot({ outputs: [back] }))).toBe(0);
    expect(mostNotSent(snapshot({ outputs: [back] })).ratio).toBeCloseTo(325 / 425);
    expect(destinationDroppedRatio(back)).toBe(0);
    expect(destinationDroppedRatio({ ...back, framesDropped: 25 })).toBeCloseTo(0.2);
  });

  it('counts nothing of a destination that was never live: nobody could watch there', () => {
    const live = destination({ framesSent: 100, framesDropped: 0 });
    const never = fresh({
      // Refused after publish: a part of it was sent to nobody.
      ...{ id: 'b', state: 'failed', framesSent: 20, framesDropped: 5, framesMissed: 100 },
    });
    expect(mostNotSent(snapshot({ outputs: [live, never] })).ratio).toBe(0);
    expect(missedFrames(snapshot({ outputs: [live, never] }))).toBe(0);
    expect(destinationNotSentRatio(never)).toBeUndefined();
    expect(destinationNotSentRatio(live)).toBe(0);
    expect(destinationNotSentRatio({ ...live, framesMissed: 100 })).toBeCloseTo(0.5);
  });

  it('is that of the destination that lost most, since no viewer watches the mean of them', () => {
    const steady = destination({ framesSent: 400 });
    const away = destination({ id: 'b', framesSent: 300, framesMissed: 100 });
    const outputs = [steady, away, { ...steady, id: 'c', framesMissed: 4 }];
    const lost = statistics({ droppedFrames: 20 });
    const { ratio, missed } = mostNotSent(snapshot({ outputs, statistics: lost }));
    expect(ratio).toBeCloseTo(120 / 420);
    expect(missed).toBe(100);
  });

  it('counts nothing of what passed before it was live', () => {
    const late = destination({ framesSent: 90, framesMissed: 10, framesBefore: 291 });
    expect(mostNotSent(snapshot({ outputs: [late] })).ratio).toBeCloseTo(0.1);
    expect(missedFrames(snapshot({ outputs: [late] }))).toBe(10);
  });

  it('goes on where a destination is ended and started again: what it was to get before stays in the sum', () => {
    const outputs = [destination({ framesSent: 500, framesMissed: 300, framesLost: 200 })];
    const lost = statistics({ frames: 800, droppedFrames: 200 });
    expect(mostNotSent(snapshot({ outputs, statistics: lost })).ratio).toBeCloseTo(0.5);
    expect(lostRatio(snapshot({ outputs, statistics: lost }))).toBeCloseTo(200 / 700);
    // Meanwhile it was to get nothing, and the computer lost as much again.
    const begun = snapshot({
      outputs: [fresh({ framesBefore: 40, framesLost: 0 })],
      ...{ removed: outputs, statistics: statistics({ frames: 1_000, droppedFrames: 400 }) },
    });
    expect(mostNotSent(begun).ratio).toBeCloseTo(0.5);
    expect(missedFrames(begun)).toBe(300);
    const again = [destination({ framesSent: 1_000, framesBefore: 40, framesLost: 0 })];
    expect(mostNotSent({ ...begun, outputs: again }).ratio).toBeCloseTo(0.25);
  });

  it('counts what a move to another server cost as missed, and not as the network', () => {
    const moved = destination({
      ...{
        framesSent: 80,
        framesDropped: 20,
        framesMissed: 0,
        droppedBy: { network: 0, move: 20 },
      },
    });
    expect(lostRatio(snapshot({ outputs: [moved] }))).toBe(0);
    expect(destinationDroppedRatio(moved)).toBe(0);
    expect(missedFrames(snapshot({ outputs: [moved] }))).toBe(20);
    expect(mostNotSent(snapshot({ outputs: [moved] })).ratio).toBeCloseTo(0.2);
  });
});

it('counts no sound among what was asked for where there is none', () => {
  const wanted = { fps: 30, videoBitrate: 2_500_000 };
  expect(wantedBitrate(snapshot({ wanted }))).toBe(2_500_000);
  expect(wantedBitrate(snapshot({ wanted: { ...wanted, audioBitrate: 128_000 } }))).toBe(2_628_000);
});

it('knows of no bitrate that was asked for where media is sent as it is', () => {
  expect(wantedBitrate(snapshot({ wanted: { fps: 25 } }))).toBeUndefined();
});

describe('what leaves', () => {
  const here = destination({ state: 'live', bitrate: 2_500_000, rttMs: 24 });
  const away = destination({ id: 'b', state: 'reconnecting', bitrate: 0, rttMs: 90 });

  it('has the round trip of a server that is there', () => {
    expect(roundTripMs(snapshot({ outputs: [here, away] }))).toBe(24);
    expect(roundTripMs(snapshot({ outputs: [away] }))).toBeUndefined();
    // What a server that is silent answered before is no round trip any more.
    expect(roundTripMs(snapshot({ outputs: [{ ...here, silentMs: 7_000 }] }))).toBeUndefined();
  });
});
