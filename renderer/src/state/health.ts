import type { BroadcastSnapshot } from '@tallylight/contract';

type HealthLevel = 'good' | 'fair' | 'poor';

interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sent: number;
  readonly dropped: number;
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

/** Frames that were lost anywhere on the way, and those that went out, so far. */
function frameCounts(snapshot: BroadcastSnapshot): { sent: number; dropped: number } {
  const captured = snapshot.statistics?.video.droppedFrames ?? 0;
  return snapshot.destinations.reduce(
    (sum, destination) => ({
      sent: sum.sent + destination.framesSent,
      dropped: sum.dropped + destination.framesDropped,
    }),
    { sent: 0, dropped: captured },
  );
}

/** Share of all frames that were lost since the start, 0 to 1. */
export function droppedRatio(snapshot: BroadcastSnapshot): number {
  const { sent, dropped } = frameCounts(snapshot);
  return sent + dropped === 0 ? 0 : dropped / (sent + dropped);
}

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
  const sent = counts.sent - first.sent;
  const dropped = counts.dropped - first.dropped;
  const ratio = sent + dropped <= 0 ? 0 : Math.max(0, dropped) / (sent + dropped);
  const { level, cause } = judge(snapshot, ratio, wantedFps, now);
  return {
    level,
    cause,
    droppedRatio: ratio,
    since: before?.level === level && before.cause === cause ? before.since : now,
    samples,
  };
}

function judge(
  snapshot: BroadcastSnapshot,
  ratio: number,
  wantedFps: number,
  now: number,
): Pick<Health, 'level' | 'cause'> {
  const { destinations, statistics } = snapshot;
  if (destinations.some(({ state }) => state === 'reconnecting')) {
    return { level: 'poor', cause: 'reconnecting' };
  }
  if (destinations.some(({ state }) => state === 'failed')) {
    return { level: 'poor', cause: 'failed' };
  }
  const byNetwork = destinations.some(({ framesDropped }) => framesDropped > 0);
  if (ratio > fairDropped) {
    return {
      level: ratio > poorDropped ? 'poor' : 'fair',
      cause: byNetwork ? 'network' : 'capture',
    };
  }
  const settled = snapshot.liveAt !== undefined && now - snapshot.liveAt > settlingMs;
  if (settled && statistics && statistics.video.fps < wantedFps * slowShare) {
    return { level: 'fair', cause: 'slow' };
  }
  return { level: 'good', cause: 'none' };
}
