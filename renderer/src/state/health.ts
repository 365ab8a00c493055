import { destinationsOf, type BroadcastSnapshot, type FrameAccount } from '@tallylight/contract';
import { frameCounts, type FrameCounts } from './broadcast-figures.js';
import {
  levelOf,
  nextGrade,
  type Graded,
  type GradeState,
  type HealthLevel,
  type Limits,
} from './health-level.js';

/** Where frames are missing, on their way from the device to the server. `source`: in camera or encoder, it cannot be told. */
type MissingPlace = 'camera' | 'computer' | 'source' | 'network';

interface Sample extends FrameCounts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Frames that came out of the encoder. */
  readonly encoded: number;
  readonly account: FrameAccount | undefined;
}

/** How the broadcast goes, judged over the last ten seconds so that it can recover. */
export interface Health {
  readonly level: HealthLevel;
  readonly cause: 'none' | MissingPlace | 'reconnecting' | 'silent' | 'failed';
  /** Frames a second that a server gets, and that the device gives where that is known. */
  readonly fps: number;
  readonly cameraFps: number | undefined;
  /** Share of the frames that the network cost, 0 to 1. */
  readonly droppedRatio: number;
  /** Share of the frames that this computer was too slow for, 0 to 1. */
  readonly lostRatio: number;
  /** Since when it has been at this level; milliseconds since the epoch. */
  readonly since: number;
  readonly grade: GradeState | undefined;
  readonly samples: readonly Sample[];
}

const windowMs = 10_000;
/** A rate is a matter of some seconds; a frame more or less is nothing then. */
const settlingMs = 4000;

/**
 * What is lost on the way was wanted, and viewers see a jerk. A camera that gives less gives it evenly; one frame in a
 * hundred is what its clock, and ours, may be wrong by.
 */
const limits: Readonly<Record<MissingPlace, Limits>> = {
  camera: [0.01, 0.05, 0.34],
  source: [0.01, 0.05, 0.34],
  computer: [0, 0.01, 0.05],
  network: [0, 0.01, 0.05],
};
const places = ['network', 'computer', 'camera', 'source'] as const;

type Shares = Readonly<Record<MissingPlace, number>>;

/** What happened to the wanted frames between two samples. */
interface Measurement {
  readonly shares: Shares;
  readonly fps: number;
  readonly cameraFps: number | undefined;
}

/** The health after `snapshot`, given the health before it. Only of use while live. */
export function nextHealth(
  before: Health | undefined,
  snapshot: BroadcastSnapshot,
  wantedFps: number,
  now: number,
): Health {
  const { statistics } = snapshot;
  const sample: Sample = {
    at: now,
    ...frameCounts(snapshot),
    encoded: statistics?.video.frames ?? 0,
    account: statistics?.video.account,
  };
  const samples = [...(before?.samples ?? []), sample].filter(({ at }) => at > now - windowMs);
  const { shares, fps, cameraFps } = measure(samples[0] ?? sample, sample, wantedFps);
  const common = {
    ...{ fps, cameraFps, samples },
    ...{ droppedRatio: shares.network, lostRatio: shares.computer },
  };
  const away = awayCause(snapshot);
  if (away) {
    const since = before?.cause === away ? before.since : now;
    return { ...common, level: 'poor', cause: away, since, grade: undefined };
  }
  const grade = nextGrade(
    before?.grade,
    places.map((place) => graded(place, shares)),
    now,
  );
  const level = levelOf(grade.grade);
  const since = before?.grade && before.level === level ? before.since : now;
  return {
    ...common,
    level,
    cause: grade.grade === 0 ? 'none' : mainCause(before?.cause, shares),
    since,
    grade,
  };
}

function awayCause(snapshot: BroadcastSnapshot): 'reconnecting' | 'silent' | 'failed' | undefined {
  const destinations = destinationsOf(snapshot);
  const states = destinations.map(({ state }) => state);
  if (states.includes('reconnecting')) return 'reconnecting';
  if (destinations.some(({ silentMs }) => silentMs !== undefined)) return 'silent';
  return states.includes('failed') ? 'failed' : undefined;
}

const graded = (place: MissingPlace, shares: Shares): Graded => ({
  share: shares[place],
  limits: limits[place],
});

function measure(first: Sample, last: Sample, wantedFps: number): Measurement {
  const sent = last.sent - first.sent;
  const dropped = last.dropped - first.dropped;
  const lost = last.lost - first.lost;
  const network = dropped <= 0 ? 0 : dropped / (dropped + sent);
  const seconds = (last.at - first.at) / 1000;
  if (seconds * 1000 < settlingMs) {
    const computer = lost <= 0 ? 0 : lost / (lost + last.encoded - first.encoded);
    const shares = { camera: 0, source: 0, computer, network };
    return { shares, fps: wantedFps, cameraFps: undefined };
  }
  const wanted = wantedFps * seconds;
  const encodedFps = (last.encoded - first.encoded) / seconds;
  const cameraFps = deviceFps(first.account, last.account);
  const missing = Math.max(0, 1 - (encodedFps + lost / seconds) / wantedFps);
  return {
    shares: {
      camera: cameraFps === undefined ? 0 : Math.max(0, 1 - cameraFps / wantedFps),
      source: cameraFps === undefined ? missing : 0,
      computer: Math.max(0, lost) / wanted,
      network,
    },
    fps: encodedFps * (1 - network),
    cameraFps,
  };
}

/** Frames a second of the device that could be used; `undefined` where it cannot be told. */
function deviceFps(
  first: FrameAccount | undefined,
  last: FrameAccount | undefined,
): number | undefined {
  if (!last) return undefined;
  const since = first ?? { elapsedMs: 0, offered: 0, surplus: 0 };
  const ms = last.elapsedMs - since.elapsedMs;
  if (ms < settlingMs / 2) return undefined;
  const frames = last.offered - last.surplus - (since.offered - since.surplus);
  return (frames * 1000) / ms;
}

/** Where most is missing, by how much it matters there; what was said before stays unless another is clearly more. */
function mainCause(before: Health['cause'] | undefined, shares: Shares): MissingPlace {
  const weight = (place: MissingPlace): number => shares[place] / limits[place][1];
  const most = places.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  const stays = places.find((place) => place === before);
  return stays && weight(stays) * 2 > weight(most) ? stays : most;
}
