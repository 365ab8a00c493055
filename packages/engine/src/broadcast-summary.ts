import {
  destinationsOf,
  everyRecording,
  replaySaves,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type RecordingStatus,
  type ReplaySave,
  type Statistics,
} from '@tallylight/contract';
import type { DestinationFigures } from './outputs/rtmp/destination-account.js';

/** What a finished broadcast comes to: the last line of `tallylight publish --json`. */
export interface BroadcastSummary {
  /** How much picture and sound the source gave, by their own times, in milliseconds. */
  readonly durationMs: number;
  /** By the clock on the wall, from the first media that a server took to the last that left, without the losses. */
  readonly onAirMs: number;
  readonly video: Pick<
    Statistics['video'],
    'frames' | 'keyframes' | 'droppedFrames' | 'bytes' | 'account'
  >;
  readonly audio: Statistics['audio'];
  readonly destinations: readonly DestinationSummary[];
  /** Those that had been live and were taken out meanwhile, as they were then; absent where there were none. */
  readonly removed?: readonly DestinationSummary[];
  /** Absent where nothing was recorded, and so there is no file, unless it failed. */
  readonly recording?: RecordingSummary;
  /** Where there were several, the oldest first; also those that ended while the broadcast went on. */
  readonly recordings?: readonly RecordingSummary[];
  /** Those that were saved, and, with an `error`, those that were to be; absent where there were none. */
  readonly replays?: readonly ReplaySave[];
}

interface RecordingSummary {
  readonly path: string;
  readonly otherPaths?: readonly string[];
  readonly bytes: number;
  /** Without the pauses, in milliseconds. */
  readonly durationMs?: number;
  readonly lastError?: AppErrorInfo;
}

type DestinationSummary = DestinationFigures &
  Pick<
    DestinationStatus,
    'id' | 'name' | 'url' | 'state' | 'reconnects' | 'goLiveMs' | 'lostAt' | 'lastError'
  >;

/** An outage that is over is no failure. */
const isUnmended = ({ state, lostAt, lastError }: DestinationStatus): boolean =>
  lastError !== undefined && (state === 'failed' || lostAt !== undefined);

export function summarize(snapshot: BroadcastSnapshot): BroadcastSummary {
  const { statistics } = snapshot;
  const recordings = everyRecording(snapshot).flatMap(summarizeRecording);
  const replays = replaySaves(snapshot);
  const removed = destinationsOf({ outputs: snapshot.removed ?? [] });
  return {
    durationMs: statistics?.durationMs ?? 0,
    onAirMs: onAirOf(snapshot),
    video: {
      frames: statistics?.video.frames ?? 0,
      keyframes: statistics?.video.keyframes ?? 0,
      droppedFrames: statistics?.video.droppedFrames ?? 0,
      bytes: statistics?.video.bytes ?? 0,
      ...(statistics?.video.account && { account: statistics.video.account }),
    },
    audio: statistics?.audio ?? { frames: 0, bytes: 0 },
    destinations: destinationsOf(snapshot).map(summarizeDestination),
    ...(removed.length > 0 && { removed: removed.map(summarizeDestination) }),
    ...(recordings[0] && { recording: recordings[0] }),
    ...(recordings.length > 1 && { recordings }),
    ...(replays.length > 0 && { replays }),
  };
}

/** Of all its shows. */
const onAirOf = ({ onAirMs = 0, earlierShows = [] }: BroadcastSnapshot): number =>
  earlierShows.reduce((sum, show) => sum + show.onAirMs, onAirMs);

const summarizeDestination = (destination: DestinationStatus): DestinationSummary => ({
  id: destination.id,
  name: destination.name,
  url: destination.url,
  state: destination.state,
  bytesSent: destination.bytesSent,
  framesSent: destination.framesSent,
  framesDropped: destination.framesDropped,
  ...(destination.droppedBy && { droppedBy: destination.droppedBy }),
  framesMissed: destination.framesMissed ?? 0,
  framesBefore: destination.framesBefore ?? 0,
  ...(destination.framesLost !== undefined && { framesLost: destination.framesLost }),
  reconnects: destination.reconnects,
  ...(destination.goLiveMs !== undefined && { goLiveMs: destination.goLiveMs }),
  ...(destination.lostAt !== undefined && { lostAt: destination.lostAt }),
  ...(isUnmended(destination) && { lastError: destination.lastError }),
});

function summarizeRecording(status: RecordingStatus): RecordingSummary[] {
  const { path, otherPaths, bytes, durationMs, lastError } = status;
  if (bytes === 0 && !lastError) return [];
  return [
    {
      ...{ path, bytes, ...(otherPaths && { otherPaths }) },
      ...(durationMs !== undefined && { durationMs }),
      ...(lastError && { lastError }),
    },
  ];
}
