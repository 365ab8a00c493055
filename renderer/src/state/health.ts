import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import { frameCounts, goneRatio, type FrameCounts } from './broadcast-figures.js';

type HealthLevel = 'good' | 'fair' | 'poor';

interface Sample extends FrameCounts {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How the broadcast goes, judged over the last ten seconds so that it can recover. */
export interface Health {
  readonly level: HealthLevel;
  readonly cause: 'none' | 'network' | 'capture' | 'slow' | 'reconnecting' | 'failed';
  /** Share of the frames that were lost, 0 to 1. */
  readonly droppedRatio: number;
  /** Since when it has been at this level; milliseconds since the epoch. */
  readonly since: number;
  readonly samples: readonly Sample[];
}

const windowMs = 10_000;
const fairDropped = 0.01;
const poorDropped = 0.05;
/** An encoder that yields less than this share of the wanted frame rate does not keep up. */
const slowShare = 0.9;
/** The frame rate is an average over two seconds, so it says nothing before. */
const settlingMs = 4000;

/** The health after `snapshot`, given the health before it. Only of use while live. */
export function nextHealth(
  before: Health | undefined,
  snapshot: BroadcastSnapshot,
  wantedFps: number,
  now: number,
): Health {
  const counts = frameCounts(snapshot);
  const samples = [...(before?.samples ?? []), { at: now, ...counts }].filter(
    ({ at }) => at > now - windowMs,
  );
  const first = samples[0] ?? { at: now, ...counts };
  const dropped = counts.dropped - first.dropped;
  const lost = counts.lost - first.lost;
  const gone = goneRatio(counts, first);
  const loser = dropped >= lost ? 'network' : 'capture';
  const { level, cause } = judge(snapshot, gone, loser, wantedFps, now);
  return {
    level,
    cause,
    droppedRatio: gone,
    since: before?.level === level && before.cause === cause ? before.since : now,
    samples,
  };
}

function judge(
  snapshot: BroadcastSnapshot,
  gone: number,
  loser: 'network' | 'capture',
  wantedFps: number,
  now: number,
): Pick<Health, 'level' | 'cause'> {
  const { statistics } = snapshot;
  const destinations = destinationsOf(snapshot);
  if (destinations.some(({ state }) => state === 'reconnecting')) {
    return { level: 'poor', cause: 'reconnecting' };
  }
  if (destinations.some(({ state }) => state === 'failed')) {
    return { level: 'poor', cause: 'failed' };
  }
  if (gone > fairDropped) return { level: gone > poorDropped ? 'poor' : 'fair', cause: loser };
  const settled = snapshot.liveAt !== undefined && now - snapshot.liveAt > settlingMs;
  if (settled && statistics && statistics.video.fps < wantedFps * slowShare) {
    return { level: 'fair', cause: 'slow' };
  }
  return { level: 'good', cause: 'none' };
}
