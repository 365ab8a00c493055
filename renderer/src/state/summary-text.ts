import {
  everyDestination,
  networkDrops,
  recordingsOf,
  type BroadcastEvent,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { logText } from './event-text.js';
import { formatBytes, formatClock } from './number-format.js';

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
    ...recordingsOf(snapshot).flatMap(({ path, otherPaths = [], bytes }) =>
      bytes === 0
        ? []
        : t('window.log.summary.recording', {
            path: [path, ...otherPaths].join(', '),
            size: formatBytes(bytes, messages),
          }),
    ),
    '',
    t('window.log.title'),
    logText(log, messages),
  ];
  return `${lines.join('\n')}\n`;
}

function destinationLines(destination: DestinationStatus, messages: WindowMessages): string[] {
  const { t } = messages;
  const { name, url, framesSent, droppedBy, framesMissed = 0, reconnects } = destination;
  const moved = droppedBy?.move ?? 0;
  const { bytesSent, state, lostAt, lastError } = destination;
  const isUnmended = lastError !== undefined && (state === 'failed' || lostAt !== undefined);
  return [
    t('window.log.summary.destination', { name, url }),
    ...[
      t('window.log.summary.sent', {
        frames: framesSent,
        size: formatBytes(bytesSent, messages),
      }),
      t('window.log.summary.dropped', { frames: networkDrops(destination) }),
      ...(moved > 0 ? [t('window.log.summary.moved', { frames: moved })] : []),
      t('window.log.summary.missed', { frames: framesMissed }),
      t('window.log.summary.reconnects', { times: reconnects }),
      ...(isUnmended
        ? [t('window.log.summary.error', { why: messages.error(lastError).message })]
        : []),
    ].map((line) => `  ${line}`),
  ];
}
