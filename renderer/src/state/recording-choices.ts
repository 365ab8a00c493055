import type { Settings } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { formatBytes } from './number-format.js';

type Split = Settings['recordingSplit'];

interface Choice {
  readonly value: string;
  readonly label: string;
}

const minute = 60;
const splits: readonly Split[] = [
  {},
  ...[10, 30, 60].map((minutes) => ({ seconds: minutes * minute })),
  ...[500e6, 2e9, 4e9].map((bytes) => ({ bytes })),
];
const replays = [0, 15, 30, 60, 120, 300];

/** What stands for it among the choices. */
export function splitValue({ seconds, bytes }: Split): string {
  if (seconds !== undefined) return `${seconds}s`;
  return bytes === undefined ? 'never' : `${bytes}B`;
}

export function parseSplit(value: string): Split {
  const amount = Number.parseInt(value, 10);
  if (value.endsWith('s')) return { seconds: amount };
  return value.endsWith('B') ? { bytes: amount } : {};
}

/** The usual ones, and the current one where it is none of them. */
export function splitChoices(current: Split, messages: WindowMessages): Choice[] {
  const { t } = messages;
  const label = ({ seconds, bytes }: Split): string => {
    if (seconds !== undefined) {
      return t('window.recording.splits.minutes', { count: Math.round(seconds / minute) });
    }
    return bytes === undefined
      ? t('window.recording.splits.never')
      : t('window.recording.splits.size', { size: formatBytes(bytes, messages) });
  };
  const choices = splits.map((split) => ({ value: splitValue(split), label: label(split) }));
  const isUsual = choices.some(({ value }) => value === splitValue(current));
  return isUsual ? choices : [...choices, { value: splitValue(current), label: label(current) }];
}

/** As {@link splitChoices}. */
export function replayChoices(current: number, { t }: WindowMessages): Choice[] {
  const label = (seconds: number): string => {
    if (seconds === 0) return t('window.recording.replayLengths.off');
    return seconds < 2 * minute || seconds % minute !== 0
      ? t('window.recording.replayLengths.seconds', { count: seconds })
      : t('window.recording.replayLengths.minutes', { count: seconds / minute });
  };
  return [...new Set([...replays, current])]
    .toSorted((a, b) => a - b)
    .map((seconds) => ({ value: String(seconds), label: label(seconds) }));
}

/** What the replay buffer comes to at the chosen bitrates. */
export const replayBytes = ({ replaySeconds, videoBitrate, audioBitrate }: Settings): number =>
  (replaySeconds * (videoBitrate + audioBitrate)) / 8;
