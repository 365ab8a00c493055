import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import type { BroadcastHistory } from '../../state/broadcast-history.js';
import { eventText } from '../../state/event-text.js';
import { niceTop, timeTicks } from '../../state/graph-scale.js';
import { graphText, spanText } from '../../state/graph-words.js';
import { formatTickTime, formatTimeOfDay } from '../../state/time-format.js';
import { Button } from '../../ui/button.js';
import { Graph } from '../../ui/graph.js';
import type { GraphData, GraphLine, GraphMark } from '../../ui/graph-data.js';
import { WindowDialog } from '../../ui/window-dialog.js';
import {
  chartsOf,
  isLostHere,
  lineLook,
  lostHereLook,
  wantedLook,
  type Chart,
} from './graph-charts.js';
import { markedEvents, markSigns, type MarkedEvent } from './graph-marks.js';
import { loadScope } from '../../state/load-scope.js';
import { destinationName } from '../../state/profile-text.js';

/** So many of the newest are told below the graphs; all are in the log. */
const mostTold = 20;

/** The last ten minutes, as large as the window: every destination, and this computer. */
export function GraphsDialog({ onClose }: { readonly onClose: () => void }) {
  const messages = useMessages();
  const { t } = messages;
  const { broadcast, system } = useStudio();
  const { history, log } = useStore(broadcast);
  const marked = markedEvents(history, log);
  return (
    <WindowDialog
      title={t('window.graphs.dialog')}
      closeLabel={t('window.graphs.close')}
      onClose={onClose}
      actions={
        <>
          <span className="numbers mr-auto text-xs text-muted">{spanText(history, messages)}</span>
          <Button onClick={onClose}>{t('window.graphs.close')}</Button>
        </>
      }
    >
      <div
        // It scrolls, by keys too.
        tabIndex={0}
        role="group"
        aria-label={t('window.graphs.open')}
        className="space-y-4 px-5 py-4 -outline-offset-2"
      >
        <Legend history={history} />
        <div className="grid grid-cols-1 gap-x-5 gap-y-4 md:grid-cols-2">
          {chartsOf(history, loadScope(system), messages).map((chart) => (
            <ChartFigure key={chart.title} chart={chart} history={history} marked={marked} />
          ))}
        </div>
        <Marks marked={marked} />
      </div>
    </WindowDialog>
  );
}

interface ChartFigureProps {
  readonly chart: Chart;
  readonly history: BroadcastHistory;
  readonly marked: readonly MarkedEvent[];
}

function ChartFigure({ chart, history, marked }: ChartFigureProps) {
  const messages = useMessages();
  const { title, lines, axisText, hasMarks } = chart;
  const told = lines.map(({ name, values }) => ({ name, values: values() }));
  const marks = hasMarks ? marked.map(({ mark }) => mark) : [];
  return (
    <figure className={hasMarks ? 'md:col-span-2' : ''}>
      <figcaption className="pb-1 text-xs font-semibold text-muted">{title}</figcaption>
      <Graph
        label={graphText(history, { title, lines: told, text: axisText }, messages)}
        shape={{ lines: lines.map(({ look }) => look), hasAxes: true }}
        read={() => readChart(chart, history, marks, (time) => formatTickTime(time, messages))}
        height={hasMarks ? 'h-44' : 'h-32'}
      />
    </figure>
  );
}

function readChart(
  { lines, leastTop, axisText }: Chart,
  history: BroadcastHistory,
  marks: readonly GraphMark[],
  timeText: (wall: number) => string,
): GraphData {
  const values = lines.map((line) => line.values());
  return {
    ...history.rows(),
    ...{ values, marks },
    top: niceTop(values.flat(), leastTop),
    axes: {
      ticks: timeTicks(history),
      timeText: (time) => timeText(history.clockAt(time)),
      valueText: axisText,
    },
  };
}

/** Which line is whose: by its colour, and by its dash. */
function Legend({ history }: { readonly history: BroadcastHistory }) {
  const messages = useMessages();
  const entries = [
    ...history.destinations.map((destination) => ({
      name: destinationName(destination, messages),
      look: lineLook(destination.number),
    })),
    ...(history.values('wanted').some((value) => value !== null)
      ? [{ name: messages.t('window.graphs.wanted'), look: wantedLook }]
      : []),
    ...(isLostHere(history)
      ? [{ name: messages.t('window.graphs.lostBefore'), look: lostHereLook }]
      : []),
  ];
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {entries.map(({ name, look }) => (
        <li key={look.colour + String(look.dash)} className="flex items-center gap-2">
          <LineSample look={look} />
          <span className="wrap-anywhere">{name}</span>
        </li>
      ))}
    </ul>
  );
}

function LineSample({ look: { colour, dash = [], width = 2 } }: { readonly look: GraphLine }) {
  return (
    <svg aria-hidden width={36} height={10} className="flex-none">
      <line
        {...{ x1: 0, x2: 36, y1: 5, y2: 5 }}
        stroke={`var(${colour})`}
        strokeWidth={width}
        strokeDasharray={dash.join(' ')}
      />
    </svg>
  );
}

/** The losses and returns that are marked, in words. */
function Marks({ marked }: { readonly marked: readonly MarkedEvent[] }) {
  const messages = useMessages();
  if (marked.length === 0) return undefined;
  return (
    <div>
      <h3 className="pb-1 text-xs font-semibold text-muted">{messages.t('window.graphs.marks')}</h3>
      <ul className="numbers space-y-1">
        {marked.slice(-mostTold).map(({ entry, way }, index) => (
          <li key={index} className="flex gap-2">
            <span aria-hidden className={way === 'down' ? 'text-live-text' : 'text-ok'}>
              {markSigns[way]}
            </span>
            <time className="shrink-0 text-muted">{formatTimeOfDay(entry.at, messages)}</time>
            <span className="wrap-anywhere">{eventText(entry, messages)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
