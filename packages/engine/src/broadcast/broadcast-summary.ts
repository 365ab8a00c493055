import type { BroadcastSnapshot, DestinationStatus, Statistics } from '@tallylight/contract';

/** What a finished broadcast comes to: the last line of `tallylight publish --json`. */
export interface BroadcastSummary {
  /** Media time, in milliseconds. */
  readonly durationMs: number;
  readonly video: Pick<Statistics['video'], 'frames' | 'keyframes' | 'droppedFrames' | 'bytes'>;
  readonly audio: Statistics['audio'];
  readonly destinations: readonly Omit<DestinationStatus, 'id' | 'steps' | 'rttMs' | 'watchUrl'>[];
  readonly recording?: NonNullable<BroadcastSnapshot['recording']>;
}

export function summarize(snapshot: BroadcastSnapshot, statistics: Statistics): BroadcastSummary {
  const { frames, keyframes, droppedFrames, bytes } = statistics.video;
  return {
    durationMs: statistics.durationMs,
    video: { frames, keyframes, droppedFrames, bytes },
    audio: statistics.audio,
    destinations: snapshot.destinations.map((destination) => ({
      name: destination.name,
      url: destination.url,
      state: destination.state,
      bytesSent: destination.bytesSent,
      framesSent: destination.framesSent,
      framesDropped: destination.framesDropped,
      reconnects: destination.reconnects,
      ...(destination.goLiveMs !== undefined && { goLiveMs: destination.goLiveMs }),
      ...(destination.lastError && { lastError: destination.lastError }),
    })),
    ...(snapshot.recording && { recording: snapshot.recording }),
  };
}
