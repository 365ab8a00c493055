import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';

/** Video frames of one broadcast so far. */
export interface FrameCounts {
  /** Sent, over all destinations. */
  readonly sent: number;
  /** Lost by the capture or the encoder. */
  readonly lost: number;
  /** Dropped because the network is slow. What was missed while a server was away is none of them. */
  readonly dropped: number;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const ratio = (part: number, rest: number): number => (part <= 0 ? 0 : part / (part + rest));

/** Frames that a destination dropped because it was slow. */
const droppedBySlowness = (
  destination: Pick<DestinationStatus, 'framesDropped' | 'framesMissed'>,
): number => destination.framesDropped - (destination.framesMissed ?? 0);

export function frameCounts(snapshot: BroadcastSnapshot): FrameCounts {
  const destinations = destinationsOf(snapshot);
  return {
    sent: sum(destinations.map(({ framesSent }) => framesSent)),
    lost: snapshot.statistics?.video.droppedFrames ?? 0,
    dropped: sum(destinations.map(droppedBySlowness)),
  };
}

/** Share of all frames that were lost since the start, 0 to 1. */
export function droppedRatio(snapshot: BroadcastSnapshot): number {
  const { sent, lost, dropped } = frameCounts(snapshot);
  return ratio(lost + dropped, sent);
}

/** Share of a destination's frames that it dropped because it was slow, 0 to 1. */
export const destinationDroppedRatio = (destination: DestinationStatus): number =>
  ratio(droppedBySlowness(destination), destination.framesSent);

/** Bits per second that leave, to all servers together. */
export const leavingBitrate = (snapshot: BroadcastSnapshot): number =>
  sum(destinationsOf(snapshot).map(({ bitrate }) => bitrate ?? 0));

/** The longest round trip to a server that is there, in milliseconds. */
export function roundTripMs(snapshot: BroadcastSnapshot): number | undefined {
  const answers = destinationsOf(snapshot)
    .filter(({ state, silentMs }) => state === 'live' && silentMs === undefined)
    .flatMap(({ rttMs }) => rttMs ?? []);
  return answers.length === 0 ? undefined : Math.max(...answers);
}
