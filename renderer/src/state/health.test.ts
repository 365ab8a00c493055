import type { BroadcastSnapshot, DestinationStatus } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { destination, statistics } from '../../test/snapshots.js';
import { nextHealth, type Health } from './health.js';

interface Counts {
  readonly sent: number;
  readonly dropped?: number;
  readonly captureDropped?: number;
  readonly fps?: number;
  readonly state?: DestinationStatus['state'];
}

function live({ sent, dropped = 0, captureDropped = 0, fps = 30, state = 'live' }: Counts) {
  const snapshot: BroadcastSnapshot = {
    state: 'live',
    startedAt: 0,
    liveAt: 0,
    captureSteps: [],
    outputs: [destination({ state, framesSent: sent, framesDropped: dropped })],
    statistics: statistics({ frames: sent, droppedFrames: captureDropped, fps }),
  };
  return snapshot;
}

const start = 10_000;
const after = (before: Health | undefined, counts: Counts, at: number): Health =>
  nextHealth(before, live(counts), 30, start + at);

describe('health', () => {
  const first = after(undefined, { sent: 0 }, 0);

  it.each([
    [3, 'good', 'none'],
    [4, 'fair', 'network'],
    [15, 'fair', 'network'],
    [16, 'poor', 'network'],
  ] as const)('%i of 300 frames dropped by the network: %s', (dropped, level, cause) => {
    const health = after(first, { sent: 300 - dropped, dropped }, 5000);
    expect(health).toMatchObject({ level, cause });
  });

  it('blames what loses frames now, not what lost some once', () => {
    const before = after(undefined, { sent: 1000, dropped: 200 }, 0);
    const now = { sent: 1290, dropped: 200, captureDropped: 10 };
    expect(after(before, now, 5000)).toMatchObject({ level: 'fair', cause: 'capture' });
  });

  it('tells a slow computer from a slow network', () => {
    expect(after(first, { sent: 290, captureDropped: 10 }, 5000).cause).toBe('capture');
    expect(after(first, { sent: 100, fps: 20 }, 5000)).toMatchObject({
      level: 'fair',
      cause: 'slow',
    });
  });

  it('does not judge the frame rate before it has settled', () => {
    const early = { ...live({ sent: 3, fps: 3 }), liveAt: start };
    expect(nextHealth(undefined, early, 30, start + 1000).level).toBe('good');
  });

  it('recovers once the lost frames are ten seconds old, and says since when', () => {
    const bad = after(first, { sent: 90, dropped: 60 }, 5000);
    expect(bad).toMatchObject({ level: 'poor', since: start + 5000 });
    const still = after(bad, { sent: 240, dropped: 60 }, 9000);
    expect(still).toMatchObject({ level: 'poor', since: start + 5000 });
    const later = after(still, { sent: 700, dropped: 60 }, 16_000);
    expect(later).toMatchObject({ level: 'good', since: start + 16_000 });
  });

  it('is poor while a destination is away', () => {
    expect(after(first, { sent: 9, state: 'reconnecting' }, 500).cause).toBe('reconnecting');
    expect(after(first, { sent: 9, state: 'failed' }, 500).cause).toBe('failed');
  });
});
