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

/** What came of a broadcast, to be kept as a file: for people, in their language, and without a key. */
export function summaryText(
  snapshot: BroadcastSnapshot,
  log: readonly BroadcastEvent[],
  messages: WindowMessages,
): string {
  const { t, language } = messages;
  const { startedAt = 0, liveAt, onAirMs = 0, statistics } = snapshot;
  const date = new Date(startedAt).toLocaleString(language, { hourCycle: 'h23' });
  const lines = [
    t('window.log.summary.title', { date }),
    liveAt === undefined
      ? t('window.log.summary.neverOnAir')
      : t('window.log.summary.onAir', { time: formatClock(onAirMs) }),
    ...(statistics
      ? [
          t('window.log.summary.frames', {
            frames: statistics.video.frames,
            lost: statistics.video.droppedFrames,
          }),
        ]
      : []),
    ...everyDestination(snapshot).flatMap((each) => destinationLines(each, messages)),
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

function destinationLines(destination: DestinationStatus, messages: WindowMessages): string[] {
  const { t } = messages;
  const { name, url, framesSent, bytesSent, state, lostAt, lastError } = destination;
  const isUnmended = lastError !== undefined && (state === 'failed' || lostAt !== undefined);
  return [
    t('window.log.summary.destination', { name, url }),
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
