import type { DestinationStatus } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import type { BroadcastHistory } from '../../state/broadcast-history.js';
import { niceTop } from '../../state/graph-scale.js';
import { graphText, spanText } from '../../state/graph-words.js';
import { formatKilobits } from '../../state/number-format.js';
import { destinationName } from '../../state/profile-text.js';
import { Graph } from '../../ui/graph.js';
import type { GraphData, GraphMark, GraphShape } from '../../ui/graph-data.js';
import { wantedLook } from './graph-charts.js';

const shape: GraphShape = {
  lines: [wantedLook, { colour: '--graph-1', kind: 'line' }],
  hasAxes: false,
};

/** What one server got, beside what was wanted; where frames were lost, there are ticks at the bottom. */
export function DestinationGraph({ destination }: { readonly destination: DestinationStatus }) {
  const messages = useMessages();
  const { t } = messages;
  // Each snapshot has brought something new.
  const { history } = useStore(useStudio().broadcast);
  const { id } = destination;
  const values = history.values(`bitrate ${id}`);
  if (values.every((value) => value === null)) return undefined;
  const parts = history.values(`lost ${id}`);
  const lost = Math.max(
    0,
    parts.reduce<number>((sum, frames) => sum + (frames ?? 0), 0),
  );
  const told = graphText(
    history,
    {
      title: t('window.progress.bitrate'),
      lines: [{ name: destinationName(destination, messages), values }],
      text: (value) => t('window.numbers.kilobits', { value: formatKilobits(value, messages) }),
    },
    messages,
  );
  const lostText =
    lost === 0 ? t('window.graphs.nothingLost') : t('window.graphs.lost', { count: lost });
  return (
    <div>
      <Graph
        label={`${told}${t('window.sentenceGap')}${lostText}`}
        shape={shape}
        read={() => readGraph(history, id)}
        height="h-10"
      />
      <p className="numbers flex justify-between gap-2 text-[11px] text-muted">
        <span>{lost > 0 && lostText}</span>
        <span>{spanText(history, messages)}</span>
      </p>
    </div>
  );
}

function readGraph(history: BroadcastHistory, id: string): GraphData {
  const rows = history.rows();
  const wanted = history.values('wanted');
  const sent = history.values(`bitrate ${id}`);
  const lost = history.values(`lost ${id}`);
  const marks = rows.times.flatMap((time, index): GraphMark[] =>
    (lost[index] ?? 0) > 0 ? [{ time, kind: 'tick', colour: '--graph-lost' }] : [],
  );
  const top = niceTop([...wanted.map((value) => value && value * 1.2), ...sent], 1);
  return { ...rows, top, values: [wanted, sent], marks };
}
