import {
  errorExitCodes,
  exitCodes,
  networkDrops,
  soundNotSent,
  type AppErrorInfo,
  type RecordingStatus,
  type ReplaySave,
} from '@tallylight/contract';
import type { BroadcastSummary } from '@tallylight/engine';
import { formatBytes } from '@tallylight/messages';
import type { CliMessages } from '@tallylight/messages/cli';
import { formatDuration } from './format-duration.js';
import { saidName } from './destination-name.js';

type Destination = BroadcastSummary['destinations'][number];

/**
 * Whether the broadcast ended while the connection to a server that had been live was lost. What was sent after the loss
 * nobody has, so it is no clean stop, whoever asked for it.
 */
const endedLost = ({ state, lostAt, goLiveMs, lastError }: Destination): boolean =>
  lostAt !== undefined &&
  goLiveMs !== undefined &&
  (state === 'stopped' ||
    // One that was refused in the end has its own words.
    (state === 'failed' &&
      lastError !== undefined &&
      errorExitCodes[lastError.code] === exitCodes.noConnection));

/** Whether it got the broadcast to its end. */
export const isWhole = (destination: Destination): boolean =>
  destination.state !== 'failed' && !endedLost(destination);

/** What was asked for and was not done, though the broadcast came to its end. */
export function failuresOf(summary: BroadcastSummary): AppErrorInfo[] {
  const { destinations, recording, recordings = [recording] } = summary;
  return [...destinations.filter((each) => !isWhole(each)), ...recordings]
    .map((output) => output?.lastError)
    .filter((error) => error !== undefined);
}

/** It goes live about a second after the source has begun. */
const noticeableMs = 2_000;

/** What people read at the end. Frames are those that left, for what was encoded may have had nowhere to go. */
export function closingLines(
  summary: BroadcastSummary,
  messages: CliMessages,
  how: 'done' | 'failed',
): string[] {
  const { onAirMs, durationMs, audio, destinations: kept, removed = [] } = summary;
  const destinations = [...kept, ...removed];
  const { t, wording } = messages;
  const lines: string[] = [];
  // A program that is over before it counts as live arrives all the same.
  if (destinations.length === 0) {
    const time = formatDuration(durationMs);
    return how === 'done' && durationMs > 0 ? [t('cli.publish.doneRecording', { time })] : [];
  }
  const arrived = how === 'done' && destinations.some(({ framesSent }) => framesSent > 0);
  if (onAirMs > 0 || arrived) {
    const [only, ...others] = destinations;
    const facts = [t('cli.publish.onAirFor', { time: formatDuration(onAirMs) })];
    // A source that is slower than it should be is longer on air than what it gives, and one that is lost is shorter.
    if (Math.abs(onAirMs - durationMs) >= noticeableMs) {
      facts.push(t('cli.publish.sourceGave', { time: formatDuration(durationMs) }));
    }
    if (only && others.length === 0) facts.push(...framesOf(only, messages));
    lines.push(t(`cli.publish.${headingOf(summary, how)}`, { facts: facts.join(t('cli.comma')) }));
    if (others.length > 0) lines.push(...destinations.map((each) => describe(each, messages)));
    const unsent = soundNotSent(audio);
    if (unsent) lines.push(`! ${wording(unsent)}`);
  } else if (how === 'done') {
    lines.push(t('cli.publish.neverLive'));
  }
  return lines;
}

/** What came of a recording, at the end. One that is empty is no file. */
export function recordingLines(
  recording: Pick<RecordingStatus, 'path' | 'otherPaths' | 'bytes' | 'durationMs' | 'lastError'>,
  messages: CliMessages,
): string[] {
  const { path, otherPaths = [], bytes, durationMs = 0, lastError } = recording;
  const { t, error: sentences } = messages;
  const nothing = t('cli.publish.nothingRecorded');
  if (!lastError) {
    if (bytes === 0) return [nothing];
    const facts = { time: formatDuration(durationMs), size: formatBytes(bytes, messages) };
    if (otherPaths.length === 0) return [t('cli.publish.recordedTo', { path, ...facts })];
    const files = [path, ...otherPaths];
    return [
      t('cli.publish.recordedInto', { count: files.length, ...facts }),
      ...files.map((each) => `  ${each}`),
    ];
  }
  const before =
    bytes > 0 ? t('cli.publish.recorded', { size: formatBytes(bytes, messages) }) : nothing;
  return [`  ✗ ${sentences(lastError).message}`, `    ${before}`];
}

/** What came of a replay, at the end. */
export function replayLine(
  { path, otherPaths = [], bytes, durationMs, error }: Omit<ReplaySave, 'name'>,
  messages: CliMessages,
): string {
  const { t, number, error: sentences } = messages;
  if (error) return `  ✗ ${sentences(error).message}`;
  const seconds = number(durationMs / 1000, { maximumFractionDigits: 1 });
  const paths = [path, ...otherPaths].join(', ');
  return t('cli.publish.replayIn', { path: paths, seconds, size: formatBytes(bytes, messages) });
}

function headingOf({ destinations }: BroadcastSummary, how: 'done' | 'failed') {
  if (how === 'done') return 'done';
  const noneIsWhole = !destinations.some(isWhole);
  return noneIsWhole && destinations.some(endedLost) ? 'endedLost' : 'ended';
}

function describe(destination: Destination, messages: CliMessages): string {
  const { t, error: sentences } = messages;
  const { state, lastError } = destination;
  const name = saidName(destination.name, messages);
  const facts = framesOf(destination, messages).join(t('cli.comma'));
  if (endedLost(destination)) return `  ✗ ${t('cli.publish.lostAtTheEnd', { name, facts })}`;
  if (state === 'failed' && lastError) {
    return `  ✗ ${t('cli.publish.failedWith', { name, why: sentences(lastError).message })}`;
  }
  const mark = destination.framesSent > 0 ? '✓' : '–';
  return `  ${mark} ${t('cli.publish.sentTo', { name, facts })}`;
}

/** Those that left, and what became of the others. */
function framesOf(destination: Destination, { t }: CliMessages): string[] {
  const { framesSent, droppedBy, framesMissed = 0 } = destination;
  const dropped = networkDrops(destination);
  const moved = droppedBy?.move ?? 0;
  return [
    t('cli.publish.framesSent', { count: framesSent }),
    ...(dropped > 0 ? [t('cli.publish.framesDropped', { dropped })] : []),
    ...(moved > 0 ? [t('cli.publish.framesMoved', { moved })] : []),
    ...(framesMissed > 0 ? [t('cli.publish.framesMissed', { missed: framesMissed })] : []),
  ];
}
