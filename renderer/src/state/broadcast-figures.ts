import {
  destinationsOf,
  everyDestination,
  networkDrops,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const ratio = (part: number, rest: number): number => (part <= 0 ? 0 : part / (part + rest));

/** Nobody has watched through one that was never live, though a server that refused it may have got a part. */
export const wasLive = ({ goLiveMs }: Pick<DestinationStatus, 'goLiveMs'>): boolean =>
  goLiveMs !== undefined;

/** Also those that were removed: what they were to get, and got, is a part of the broadcast. */
const destinationsThatWereLive = (snapshot: BroadcastSnapshot): DestinationStatus[] =>
  everyDestination(snapshot).filter(wasLive);

/**
 * Share of the frames that viewers did not get because computer or network were too slow, since the start, 0 to 1. What
 * the computer lost, no destination got that was live by then.
 */
export function lostRatio(snapshot: BroadcastSnapshot): number {
  const destinations = destinationsThatWereLive(snapshot);
  const tooSlow = destinations.map((each) => lostHere(snapshot, each) + networkDrops(each));
  return ratio(sum(tooSlow), sum(destinations.map(({ framesSent }) => framesSent)));
}

/** What the computer lost of that which a destination was to get; all of it where nobody counts that by destination. */
const lostHere = ({ statistics }: BroadcastSnapshot, { framesLost }: DestinationStatus): number =>
  framesLost ?? statistics?.video.droppedFrames ?? 0;

const missedBy = ({ framesMissed = 0, droppedBy }: DestinationStatus): number =>
  framesMissed + (droppedBy?.move ?? 0);

/** Frames that went by while a server was away, or had sent the stream on to another, of all destinations that were live. */
export const missedFrames = (snapshot: BroadcastSnapshot): number =>
  sum(destinationsThatWereLive(snapshot).map(missedBy));

/** What the viewers of one destination did not get, since the start, for whatever reason. */
export interface NotSent {
  /** Share of the frames that it was to get, 0 to 1: those of {@link lostRatio}, and of losses. */
  readonly ratio: number;
  /** Frames among them that went by while its server was away, or had sent the stream on to another. */
  readonly missed: number;
}

/** Of the destination that got the least: no viewer has lost more. One that was begun again counts as one. */
export function mostNotSent(snapshot: BroadcastSnapshot): NotSent {
  const destinations = destinationsThatWereLive(snapshot);
  const ids = new Set(destinations.map(({ id }) => id));
  const found = [...ids].map((id): NotSent => {
    const parts = destinations.filter((each) => each.id === id);
    const missed = sum(parts.map(missedBy));
    const rest = parts.map((each) => lostHere(snapshot, each) + networkDrops(each));
    const sent = sum(parts.map(({ framesSent }) => framesSent));
    return { ratio: ratio(missed + sum(rest), sent), missed };
  });
  return found.reduce((most, each) => (each.ratio > most.ratio ? each : most), {
    ratio: 0,
    missed: 0,
  });
}

/** Share of a destination's frames that it dropped because it was slow, 0 to 1. */
export const destinationDroppedRatio = (destination: DestinationStatus): number =>
  ratio(networkDrops(destination), destination.framesSent);

/** Share of a destination's frames that it did not send for whatever reason, 0 to 1; undefined of one that was never live. */
export const destinationNotSentRatio = (destination: DestinationStatus): number | undefined =>
  wasLive(destination)
    ? ratio(networkDrops(destination) + missedBy(destination), destination.framesSent)
    : undefined;

/**
 * Bits per second that the broadcast's encoders were asked for; of sound only where there is some. Undefined where nobody
 * encodes.
 */
export const wantedBitrate = ({ wanted }: BroadcastSnapshot): number | undefined =>
  wanted?.videoBitrate === undefined ? undefined : wanted.videoBitrate + (wanted.audioBitrate ?? 0);

/** For how long a server has given no sign of life, as it is told everywhere. */
export const silentSeconds = ({ silentMs = 0 }: Pick<DestinationStatus, 'silentMs'>): number =>
  Math.round(silentMs / 1000);

/** The longest round trip to a server that is there, in milliseconds. */
export function roundTripMs(snapshot: BroadcastSnapshot): number | undefined {
  const answers = destinationsOf(snapshot)
    .filter(({ state, silentMs }) => state === 'live' && silentMs === undefined)
    .flatMap(({ rttMs }) => rttMs ?? []);
  return answers.length === 0 ? undefined : Math.max(...answers);
}
