import type { BroadcastEvent, BroadcastEventType } from '@tallylight/contract';
import type { BroadcastHistory } from '../../state/broadcast-history.js';
import type { GraphMark } from '../../ui/graph-data.js';

type Way = Extract<GraphMark['kind'], 'down' | 'up'>;

/** What is marked in a graph: viewers lost it, or have it again. */
const ways: Partial<Record<BroadcastEventType, Way>> = {
  'destination-lost': 'down',
  'destination-failed': 'down',
  'destination-ended': 'down',
  'destination-back': 'up',
  'source-away': 'down',
  'source-back': 'up',
};

const colours: Record<Way, string> = { down: '--graph-lost', up: '--graph-back' };

/** The signs of the marks, within text. */
export const markSigns: Record<Way, string> = { down: '▼', up: '▲' };

export interface MarkedEvent {
  readonly entry: BroadcastEvent;
  readonly way: Way;
  readonly mark: GraphMark;
}

/** Those losses and returns that lie in the time that is shown, oldest first. */
export const markedEvents = (
  history: BroadcastHistory,
  log: readonly BroadcastEvent[],
): readonly MarkedEvent[] => {
  const down = new Set<string>();
  return log.flatMap((entry): MarkedEvent[] => {
    const way = wayOf(entry, down);
    const time = way && history.timeOf(entry.at);
    return way === undefined || time === undefined
      ? []
      : [{ entry, way, mark: { time, kind: way, colour: colours[way] } }];
  });
};

/** @param down destinations that were marked as lost, and are not there again; is brought up to date. */
function wayOf({ event, outputId }: BroadcastEvent, down: Set<string>): Way | undefined {
  // The first time on air is no return; after a failure, or an end, it is.
  const isReturn = event === 'destination-live' && outputId !== undefined && down.delete(outputId);
  const way = isReturn ? 'up' : ways[event];
  if (outputId !== undefined && way === 'down') down.add(outputId);
  if (outputId !== undefined && way === 'up') down.delete(outputId);
  return way;
}
