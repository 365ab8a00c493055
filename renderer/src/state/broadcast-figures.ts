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

/** Share of the frames that viewers did not get, since the start, for whatever reason: those of {@link lostRatio}, and of losses. */
export function notSentRatio(snapshot: BroadcastSnapshot): number {
  const destinations = destinationsThatWereLive(snapshot);
  const notSent = destinations.map(
    (each) => lostHere(snapshot, each) + networkDrops(each) + missedBy(each),
  );
  return ratio(sum(notSent), sum(destinations.map(({ framesSent }) => framesSent)));
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
