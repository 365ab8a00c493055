import type { BroadcastEvent, BroadcastEventType } from '@tallylight/contract';
import type { BroadcastHistory } from '../../state/broadcast-history.js';
import type { GraphMark } from '../../ui/graph-data.js';

type Way = Extract<GraphMark['kind'], 'down' | 'up'>;

/** What is marked in a graph: viewers lost it, or have it again. */
const ways: Partial<Record<BroadcastEventType, Way>> = {
  'destination-lost': 'down',
  'destination-failed': 'down',
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
): readonly MarkedEvent[] =>
  log.flatMap((entry): MarkedEvent[] => {
    const way = ways[entry.event];
    const time = way && history.timeOf(entry.at);
    return way === undefined || time === undefined
      ? []
      : [{ entry, way, mark: { time, kind: way, colour: colours[way] } }];
  });
