import { destinationsOf, type BroadcastSnapshot } from './broadcast.js';

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

export function frameCounts(
  snapshot: Pick<BroadcastSnapshot, 'outputs' | 'statistics'>,
): FrameCounts {
  const destinations = destinationsOf(snapshot);
  return {
    sent: sum(destinations.map(({ framesSent }) => framesSent)),
    lost: snapshot.statistics?.video.droppedFrames ?? 0,
    dropped: sum(destinations.map(({ framesDropped }) => framesDropped)),
  };
}
