import { everyDestination, type BroadcastSnapshot, type DestinationStatus } from './broadcast.js';

/** Video frames of one broadcast so far. */
export interface FrameCounts {
  /** Sent, over all destinations, also those that were removed: a sum that falls would read as a loss. */
  readonly sent: number;
  /** Lost by the capture or the encoder. */
  readonly lost: number;
  /** Dropped because the network is slow. What was missed while a server was away is none of them. */
  readonly dropped: number;
}

/** Those of a destination that a slow network cost: the sum where nobody tells why they were dropped. */
export const networkDrops = ({
  framesDropped,
  droppedBy,
}: Pick<DestinationStatus, 'framesDropped' | 'droppedBy'>): number =>
  droppedBy?.network ?? framesDropped;

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export function frameCounts(
  snapshot: Pick<BroadcastSnapshot, 'outputs' | 'removed' | 'statistics'>,
): FrameCounts {
  const destinations = everyDestination(snapshot);
  return {
    sent: sum(destinations.map(({ framesSent }) => framesSent)),
    lost: snapshot.statistics?.video.droppedFrames ?? 0,
    dropped: sum(destinations.map(networkDrops)),
  };
}
