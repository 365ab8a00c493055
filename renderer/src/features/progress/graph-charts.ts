import type { WindowMessages } from '@tallylight/messages/window';
import type {
  BroadcastHistory,
  DestinationFigure,
  FigureKey,
} from '../../state/broadcast-history.js';
import type { loadScope } from '../../state/load-scope.js';
import { formatSpeed, formatWhole } from '../../state/number-format.js';
import { destinationName } from '../../state/profile-text.js';
import type { GraphLine } from '../../ui/graph-data.js';

/** One line of a chart: whose it is, and how it is told from the others. */
interface ChartLine {
  readonly name: string;
  readonly look: GraphLine;
  readonly values: () => (number | null)[];
}

/** One graph of the larger view. */
export interface Chart {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  /** A value of its axis, in the unit that the title names. */
  readonly axisText: (value: number) => string;
  /** The top is never below that, so that little noise does not fill it. */
  readonly leastTop: number;
  /** Losses and returns are marked in it. */
  readonly hasMarks?: true;
}

const colours = 6;
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [12, 4, 4, 4]] as const;

/** Each destination has a colour and a dash of its own; of more than six each pair is another one. */
export const lineLook = (number: number): GraphLine => ({
  colour: `--graph-${(number % colours) + 1}`,
  dash: dashes[(number + Math.floor(number / colours)) % dashes.length] ?? [],
  kind: 'line',
});

export const wantedLook: GraphLine = {
  ...{ colour: '--graph-wanted', dash: [3, 4], kind: 'steps', width: 1 },
};

/** Of this computer, not of a destination. */
const hereLook: GraphLine = { colour: '--graph-here', kind: 'line' };

/** What was lost before anything was sent, beside what each destination lost. */
export const lostHereLook: GraphLine = { ...hereLook, dash: [2, 4] };

/** Whether capture or encoder lost anything in the time that is shown. */
export const isLostHere = (history: BroadcastHistory): boolean =>
  history.values('lostHere').some((frames) => (frames ?? 0) > 0);

/** Whose processor and memory they are, see `loadScope`. */
type LoadScope = ReturnType<typeof loadScope>;

/** What the larger view shows; that of which nothing is known is left out. */
export const chartsOf = (
  history: BroadcastHistory,
  scope: LoadScope,
  messages: WindowMessages,
): readonly Chart[] =>
  [...destinationCharts(history, messages), ...computerCharts(history, scope, messages)].filter(
    ({ lines }) => lines.some(({ values }) => values().some((value) => value !== null)),
  );

/** Of all destinations over each other. */
function destinationCharts(history: BroadcastHistory, messages: WindowMessages): Chart[] {
  const { t } = messages;
  const title = (figure: DestinationFigure): string => t(`window.graphs.charts.${figure}`);
  const ofAll = (
    figure: DestinationFigure,
    read = (key: FigureKey) => history.values(key),
  ): ChartLine[] =>
    history.destinations.map((destination) => ({
      name: destinationName(destination, messages),
      look: lineLook(destination.number),
      values: () => read(`${figure} ${destination.id}`),
    }));
  const axisText = (value: number): string => formatWhole(value, messages);
  const wanted: ChartLine = {
    ...{ name: t('window.graphs.wanted'), look: wantedLook },
    values: () => history.values('wanted'),
  };
  const lostHere: ChartLine = {
    ...{ name: t('window.graphs.lostBefore'), look: lostHereLook },
    values: () => history.perSecond('lostHere'),
  };
  const lost = ofAll('lost', (key) => history.perSecond(key));
  return [
    {
      ...{ title: title('bitrate'), lines: [...ofAll('bitrate'), wanted] },
      ...{ axisText: (value) => axisText(value / 1000), leastTop: 100_000, hasMarks: true },
    },
    {
      ...{ title: title('lost'), axisText, leastTop: 10 },
      lines: isLostHere(history) ? [...lost, lostHere] : lost,
    },
    { ...{ title: title('fps'), lines: ofAll('fps'), axisText, leastTop: 10 } },
    { ...{ title: title('roundTrip'), lines: ofAll('roundTrip'), axisText, leastTop: 50 } },
    { ...{ title: title('queue'), lines: ofAll('queue'), axisText, leastTop: 100 } },
  ];
}

function computerCharts(
  history: BroadcastHistory,
  scope: LoadScope,
  messages: WindowMessages,
): Chart[] {
  const { t } = messages;
  const chart = (
    figure: 'speed' | 'cpu' | 'memory',
    name: string,
    rest: Pick<Chart, 'title' | 'axisText' | 'leastTop'>,
  ): Chart => ({
    ...rest,
    lines: [{ ...{ name, look: hereLook }, values: () => history.values(figure) }],
  });
  const speed = t('window.graphs.speed');
  return [
    chart('speed', speed, {
      ...{ title: speed, axisText: (value) => formatSpeed(value, messages), leastTop: 1.2 },
    }),
    chart('cpu', t(`window.graphs.load.${scope}.cpu`), {
      title: t(`window.graphs.load.${scope}.cpuChart`),
      ...{ axisText: (value) => formatWhole(value * 100, messages), leastTop: 1 },
    }),
    chart('memory', t(`window.graphs.load.${scope}.memory`), {
      title: t(`window.graphs.load.${scope}.memoryChart`),
      ...{ axisText: (value) => formatWhole(value / 1e6, messages), leastTop: 100e6 },
    }),
  ];
}
