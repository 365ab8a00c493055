import type { WindowMessages } from '@tallylight/messages/window';
import type { BroadcastHistory } from './broadcast-history.js';

/** A line of a graph, as it is told in words. */
interface ToldLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ToldGraph {
  readonly title: string;
  readonly lines: readonly ToldLine[];
  /** A value with its unit. */
  readonly text: (value: number) => string;
}

const minuteMs = 60_000;

/** How much of the time is shown: `Last 2 minutes`. */
export const spanText = ({ spanMs }: BroadcastHistory, { t }: WindowMessages): string =>
  t('window.graphs.lastMinutes', { count: spanMs / minuteMs });

/** What a graph shows, for those who do not see it: of each line what it is now, and between what it was. */
export function graphText(
  history: BroadcastHistory,
  { title, lines, text }: ToldGraph,
  messages: WindowMessages,
): string {
  const { t } = messages;
  return t('window.graphs.label', {
    ...{ title, span: spanText(history, messages) },
    lines: lines.map((line) => lineText(line, text, messages)).join(t('window.sentenceGap')),
  });
}

function lineText(
  { name, values }: ToldLine,
  text: ToldGraph['text'],
  { t }: WindowMessages,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return t('window.graphs.lineUnknown', { name });
  const bounds = { least: text(leastOf(known)), most: text(greatestOf(known)) };
  const now = values.at(-1);
  return now === null || now === undefined
    ? t('window.graphs.lineUnknownNow', { name, ...bounds })
    : t('window.graphs.line', { name, now: text(now), ...bounds });
}

const leastOf = (values: readonly number[]): number =>
  values.reduce((least, value) => Math.min(least, value));
const greatestOf = (values: readonly number[]): number =>
  values.reduce((greatest, value) => Math.max(greatest, value));
