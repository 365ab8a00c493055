import {
  destinationsOf,
  everyDestination,
  frameCounts,
  type BroadcastSnapshot,
  type FrameAccount,
  type FrameCounts,
  type Health,
} from '@tallylight/contract';
import {
  isRecovering,
  levelOf,
  nextGrade,
  type Grade,
  type GradeState,
  type Limits,
} from './health-level.js';

type MissingPlace = Exclude<
  Health['cause'],
  'none' | 'reconnecting' | 'silent' | 'failed' | 'away'
>;

/** Each place's own: what one place has recovered from says nothing of another. */
type Grades = Readonly<Partial<Record<MissingPlace, GradeState>>>;

interface Sample extends FrameCounts {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Frames that came out of the encoder. */
  readonly encoded: number;
  readonly account: FrameAccount | undefined;
  /** Frames for which a server that had been live was away, or had sent us on to another. */
  readonly missed: number;
  readonly soundBehindMs: number | undefined;
}

/** What the health is judged by. */
export interface HealthState {
  /** Absent until there was enough to judge by. */
  readonly health: Health | undefined;
  readonly grades: Grades | undefined;
  readonly samples: readonly Sample[];
}

const windowMs = 10_000;
/** A rate, and a share, are a matter of some seconds; a frame more or less is nothing then. */
const settlingMs = 4000;

/**
 * What is lost on the way was wanted, and viewers see a jerk. A camera that gives less gives it evenly; one frame in a
 * hundred is what its clock, and ours, may be wrong by. Its last limit lies between 20 and 15 of 30, which cameras give
 * in the dark, so that none of them sways about it.
 */
const limits: Readonly<Record<MissingPlace, Limits>> = {
  camera: [0.01, 0.05, 0.45],
  source: [0.01, 0.05, 0.45],
  computer: [0, 0.01, 0.05],
  network: [0, 0.01, 0.05],
  sound: [1, 1, 1],
};
const places = ['network', 'computer', 'camera', 'source', 'sound'] as const;

/** A second of sound that viewers wait for is as bad as so many times the frames that make the grade fair. */
const soundWeight = 20;

/** Shares of the frames, and of the sound the seconds that it is behind. */
type Shares = Readonly<Record<MissingPlace, number>>;

const nothing: Shares = { camera: 0, source: 0, computer: 0, network: 0, sound: 0 };

/** What happened to the wanted frames between two samples. */
interface Measurement {
  readonly shares: Shares;
  readonly fps: number;
  readonly cameraFps: number | undefined;
}

/** What is judged. */
type Judged = Pick<BroadcastSnapshot, 'outputs' | 'removed' | 'statistics'>;

/**
 * The state after `snapshot`, given the state before it. Only of use while live.
 *
 * @param now milliseconds since the epoch.
 */
export function nextHealth(
  before: HealthState | undefined,
  snapshot: Judged,
  wantedFps: number,
  now: number,
): HealthState {
  const { samples } = withoutVerdict(before, snapshot, now);
  const sample = samples.at(-1);
  const [first] = samples;
  if (!first || !sample) return { health: undefined, grades: undefined, samples };
  const measuredMs = now - first.at;
  const isSettled = measuredMs >= settlingMs;
  const away = awayCause(snapshot);
  if (!isSettled && !away) return { health: undefined, grades: undefined, samples };
  const { shares, fps, cameraFps } = isSettled
    ? measure(first, sample, wantedFps)
    : { shares: nothing, fps: wantedFps, cameraFps: undefined };
  const common = {
    ...{ fps, droppedRatio: shares.network, lostRatio: shares.computer, measuredMs },
    ...(cameraFps !== undefined && { cameraFps }),
    ...(sample.soundBehindMs !== undefined && { soundBehindMs: sample.soundBehindMs }),
  };
  const was = before?.health;
  if (away) {
    const since = was?.cause === away ? was.since : now;
    const health = { ...common, level: 'poor', cause: away, since } as const;
    return { health, grades: lastingGrades(before), samples };
  }
  const next = (place: MissingPlace): GradeState =>
    nextGrade(before?.grades?.[place], shares[place], limits[place], now);
  const grades = {
    ...{ network: next('network'), computer: next('computer') },
    ...{ camera: next('camera'), source: next('source'), sound: next('sound') },
  };
  const worst = Math.max(...places.map((place) => grades[place].grade)) as Grade;
  // Whoever watched has missed something, however well it goes by now.
  const wasAway = sample.missed > first.missed && levelOf(worst) !== 'poor';
  const level = wasAway ? 'fair' : levelOf(worst);
  const isSame = was?.level === level && was.cause !== 'reconnecting' && was.cause !== 'silent';
  const since = isSame && was.cause !== 'failed' ? was.since : now;
  if (wasAway) return { health: { ...common, level, cause: 'away', since }, grades, samples };
  if (worst === 0) return { health: { ...common, level, cause: 'none', since }, grades, samples };
  // The level is that of the place that is named.
  const worstPlaces = places.filter((place) => grades[place].grade === worst);
  const cause = mainCause(was?.cause, worstPlaces, shares);
  const isBetter = isRecovering(grades[cause], shares[cause], limits[cause]);
  return {
    health: {
      ...{ ...common, level, cause, since: grades[cause].since },
      ...(isBetter && { isRecovering: true }),
    },
    grades,
    samples,
  };
}

/**
 * Goes on counting without a verdict: for while no server is there, so that what is missed meanwhile is not forgotten
 * when one is back.
 *
 * @param now milliseconds since the epoch.
 */
export function withoutVerdict(
  before: HealthState | undefined,
  snapshot: Judged,
  now: number,
): HealthState {
  const { statistics } = snapshot;
  const sample: Sample = {
    at: now,
    ...frameCounts(snapshot),
    encoded: statistics?.video.frames ?? 0,
    account: statistics?.video.account,
    missed: missedFrames(snapshot),
    soundBehindMs: statistics?.audio.behindMs,
  };
  const samples = [...(before?.samples ?? []), sample];
  // One from before the window stays, so that the window is whole.
  const begin = samples.findLastIndex(({ at }) => at <= now - windowMs);
  return {
    health: undefined,
    grades: lastingGrades(before),
    samples: samples.slice(Math.max(0, begin)),
  };
}

/** A network that came to nothing says nothing of the one that is back; a camera goes on as it does. */
function lastingGrades(before: HealthState | undefined): Grades | undefined {
  if (before?.grades === undefined) return undefined;
  const { camera, source, sound } = before.grades;
  return { ...(camera && { camera }), ...(source && { source }), ...(sound && { sound }) };
}

/** What passed before a destination was live is none of them. */
const missedFrames = (snapshot: Judged): number =>
  everyDestination(snapshot).reduce(
    (sum, { framesMissed = 0, droppedBy }) => sum + framesMissed + (droppedBy?.move ?? 0),
    0,
  );

function awayCause(snapshot: Judged): 'reconnecting' | 'silent' | 'failed' | undefined {
  const destinations = destinationsOf(snapshot);
  const states = destinations.map(({ state }) => state);
  if (states.includes('reconnecting')) return 'reconnecting';
  if (destinations.some(({ silentMs }) => silentMs !== undefined)) return 'silent';
  return states.includes('failed') ? 'failed' : undefined;
}

function measure(first: Sample, last: Sample, wantedFps: number): Measurement {
  // What a server turns out not to have got is taken back.
  const sent = Math.max(0, last.sent - first.sent);
  const dropped = last.dropped - first.dropped;
  const lost = last.lost - first.lost;
  const network = dropped <= 0 ? 0 : dropped / (dropped + sent);
  const seconds = (last.at - first.at) / 1000;
  const wanted = wantedFps * seconds;
  const encodedFps = (last.encoded - first.encoded) / seconds;
  const cameraFps = deviceFps(first.account, last.account);
  const missing = Math.max(0, 1 - (encodedFps + lost / seconds) / wantedFps);
  // Where frames are repeated, a camera that gives few leaves none out: what is missing all the same, and what the
  // camera could not hand over meanwhile, is for want of time.
  const late = last.account?.repeated === undefined ? 0 : missing;
  return {
    shares: {
      camera: cameraFps === undefined ? 0 : Math.max(0, 1 - cameraFps / wantedFps - late),
      source: cameraFps === undefined ? missing : 0,
      computer: Math.max(0, lost) / wanted + late,
      network,
      sound: (last.soundBehindMs ?? 0) / 1000,
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
function mainCause(
  before: Health['cause'] | undefined,
  candidates: readonly MissingPlace[],
  shares: Shares,
): MissingPlace {
  const weight = (place: MissingPlace): number =>
    (shares[place] / limits[place][1]) * (place === 'sound' ? soundWeight : 1);
  const most = candidates.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  const stays = candidates.find((place) => place === before);
  return stays && weight(stays) * 2 > weight(most) ? stays : most;
}
