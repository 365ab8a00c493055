import {
  everyDestination,
  everyRecording,
  networkDrops,
  replaySaves,
  type BroadcastEvent,
  type BroadcastSnapshot,
  type DestinationStatus,
  type RecordingStatus,
  type ReplaySave,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { wasLive } from './broadcast-figures.js';
import { logText } from './event-text.js';
import { listOf } from './list-of.js';
import { formatBytes, formatClock, formatShortClock, formatTenths } from './number-format.js';
import { formatTimeOfDay } from './time-format.js';

/** What came of a broadcast, to be kept as a file: for people, in their language, and without a key. */
export function summaryText(
  snapshot: BroadcastSnapshot,
  log: readonly BroadcastEvent[],
  messages: WindowMessages,
): string {
  const { t, language } = messages;
  const { startedAt = 0, liveAt, onAirMs = 0, earlierShows = [], statistics } = snapshot;
  // A show may have begun long after what records it.
  const date = new Date(liveAt ?? startedAt).toLocaleString(language, { hourCycle: 'h23' });
  const destinations = sessionsOf(snapshot);
  const isRecording = destinations.length === 0 && liveAt === undefined;
  // The show is over, and what was captured grows on.
  const goesOn = snapshot.state === 'recording' && liveAt !== undefined;
  const lines = [
    t(isRecording ? 'window.log.summary.titleRecording' : 'window.log.summary.title', { date }),
    liveAt === undefined
      ? t('window.log.summary.neverOnAir')
      : t('window.log.summary.onAir', { time: formatClock(onAirMs) }),
    ...earlierShows.map((show) =>
      t('window.log.summary.onAirBefore', {
        from: formatTimeOfDay(show.liveAt, messages),
        time: formatClock(show.onAirMs),
      }),
    ),
    ...(statistics
      ? [
          t(`window.log.summary.${goesOn ? 'framesGoOn' : 'frames'}`, {
            frames: statistics.video.frames,
            lost: statistics.video.droppedFrames,
          }),
        ]
      : []),
    ...destinations.flatMap((each) =>
      destinationLines(each, titleOf(each, { all: destinations, liveAt }, messages), messages),
    ),
    ...everyRecording(snapshot).flatMap((each) => recordingLine(each, messages)),
    ...replaySaves(snapshot).map((each) => replayLine(each, messages)),
    ...(snapshot.error
      ? [t('window.log.summary.failed', { why: messages.error(snapshot.error).message })]
      : []),
    '',
    t('window.log.title'),
    logText(log, messages),
  ];
  return `${lines.join('\n')}\n`;
}

/** Every destination, each time that it was begun: those of one together, oldest first. */
function sessionsOf(snapshot: BroadcastSnapshot): readonly DestinationStatus[] {
  const all = everyDestination({
    ...snapshot,
    outputs: snapshot.removed ?? [],
    removed: snapshot.outputs,
  });
  const ids = [...new Set(everyDestination(snapshot).map(({ id }) => id))];
  return ids.flatMap((id) => all.filter((each) => each.id === id));
}

/** Its name and address; where it was begun more than once, or is of a show before this one, when each was. */
function titleOf(
  { id, name, url, firstLiveAt, endedAt }: DestinationStatus,
  { all, liveAt = 0 }: { all: readonly DestinationStatus[]; liveAt: number | undefined },
  messages: WindowMessages,
): string {
  const { t } = messages;
  const isOfThisShow = endedAt === undefined || endedAt >= liveAt;
  if (isOfThisShow && all.filter((each) => each.id === id).length === 1) {
    return t('window.log.summary.destination', { name, url });
  }
  if (firstLiveAt === undefined) return t('window.log.summary.destinationNever', { name, url });
  const from = formatTimeOfDay(firstLiveAt, messages);
  if (endedAt === undefined) return t('window.log.summary.destinationSince', { name, url, from });
  const to = formatTimeOfDay(endedAt, messages);
  return t('window.log.summary.destinationFromTo', { name, url, from, to });
}

function destinationLines(
  destination: DestinationStatus,
  title: string,
  messages: WindowMessages,
): string[] {
  const { t } = messages;
  const { framesSent, bytesSent, state, lostAt, lastError } = destination;
  const isUnmended = lastError !== undefined && (state === 'failed' || lostAt !== undefined);
  return [
    title,
    ...[
      t('window.log.summary.sent', {
        frames: framesSent,
        size: formatBytes(bytesSent, messages),
      }),
      ...(wasLive(destination)
        ? lossLines(destination, messages)
        : [t('window.log.summary.neverLive')]),
      ...(isUnmended
        ? [t('window.log.summary.error', { why: messages.error(lastError).message })]
        : []),
    ].map((line) => `  ${line}`),
  ];
}

/** What one that was live did not get, and how often it was lost. */
function lossLines(destination: DestinationStatus, { t }: WindowMessages): string[] {
  const { droppedBy, framesMissed = 0, framesBefore = 0, reconnects } = destination;
  const moved = droppedBy?.move ?? 0;
  return [
    t('window.log.summary.dropped', { frames: networkDrops(destination) }),
    ...(moved > 0 ? [t('window.log.summary.moved', { frames: moved })] : []),
    framesMissed > 0
      ? t('window.log.summary.missed', { frames: framesMissed })
      : t('window.log.summary.noneMissed'),
    ...(framesBefore > 0 ? [t('window.log.summary.before', { frames: framesBefore })] : []),
    t('window.log.summary.reconnects', { times: reconnects }),
  ];
}

/** Of one without a frame there is no file. */
function recordingLine(recording: RecordingStatus, messages: WindowMessages): string[] {
  const { path, otherPaths = [], bytes, durationMs = 0, lastError } = recording;
  if (bytes === 0 && !lastError) return [];
  const values = {
    path: listOf([path, ...otherPaths], messages),
    length: formatShortClock(durationMs),
    size: formatBytes(bytes, messages),
  };
  return [
    lastError
      ? messages.t('window.log.summary.recordingFailed', {
          ...values,
          why: messages.error(lastError).message,
        })
      : messages.t('window.log.summary.recording', values),
  ];
}

function replayLine(save: ReplaySave, messages: WindowMessages): string {
  const { path, otherPaths = [], bytes, durationMs, error } = save;
  if (error) {
    const why = messages.error(error).message;
    return messages.t('window.log.summary.replayFailed', { path, why });
  }
  return messages.t('window.log.summary.replay', {
    ...{ path: [path, ...otherPaths].join(', '), size: formatBytes(bytes, messages) },
    seconds: formatTenths(durationMs / 1000, messages),
  });
}
