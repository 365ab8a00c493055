import { destinationsOf, leavingRates } from '@tallylight/contract';
import { useStore } from 'zustand';
import { mostNotSent, roundTripMs } from '../../state/broadcast-figures.js';
import { loadScope } from '../../state/load-scope.js';
import {
  formatClock,
  formatCores,
  formatElapsed,
  formatKilobits,
  formatMemory,
  formatPercent,
  formatTenths,
} from '../../state/number-format.js';
import { useMessages, useStudio } from '../../control/studio-context.js';

/** What is not measured has no figure. */
const unknown = '–';

/** What an engineer wants to see of what really leaves, in columns that never move. */
export function BroadcastNumbers() {
  const messages = useMessages();
  const { t } = messages;
  const { broadcast, system } = useStudio();
  const snapshot = useStore(broadcast, (state) => state.snapshot);
  const scope = loadScope(system);
  const { onAirMs, program } = snapshot;
  const { bitrate, fps } = leavingRates(snapshot);
  const rtt = roundTripMs(snapshot);
  // Each card says its own.
  const isSum = destinationsOf(snapshot).filter(({ state }) => state === 'live').length > 1;
  return (
    <dl className="broadcast-numbers numbers flex-wrap gap-x-4 gap-y-1 max-sm:w-full max-sm:justify-between">
      <Figure unit={t('window.numbers.time')} value={formatClock(onAirMs ?? 0)} width="w-15" />
      <Figure
        unit={t(isSum ? 'window.numbers.bitrateInAll' : 'window.numbers.bitrate')}
        value={bitrate === undefined ? unknown : formatKilobits(bitrate, messages)}
        width="min-w-11"
      />
      <Figure
        unit={t('window.numbers.fps')}
        value={fps === undefined ? unknown : formatTenths(fps, messages)}
        width="w-8"
      />
      <Figure
        unit={t('window.numbers.notSent')}
        why={t('window.numbers.notSentWhy')}
        value={formatPercent(mostNotSent(snapshot).ratio, messages)}
        width="w-12"
      />
      <Figure
        unit={t('window.numbers.roundTrip')}
        why={t('window.numbers.roundTripWhy')}
        value={rtt === undefined ? unknown : formatElapsed(rtt, messages)}
        width="w-11"
      />
      {/* Where there is no room, it stands under Performance alone. */}
      <Figure
        unit={t(`window.graphs.load.${scope}.cpu`)}
        why={t(`window.graphs.load.${scope}.cpuWhy`)}
        value={
          program
            ? `${formatCores(program.cpu, messages)} · ${formatMemory(program.memoryBytes, messages)}`
            : unknown
        }
        width="min-w-26 max-[1099px]:hidden"
      />
    </dl>
  );
}

interface FigureProps {
  readonly unit: string;
  readonly value: string;
  readonly width: string;
  /** What it counts, where its name does not say. */
  readonly why?: string;
}

function Figure({ unit, value, width, why }: FigureProps) {
  return (
    <div title={why} className={`flex flex-col-reverse text-right whitespace-nowrap ${width}`}>
      <dt className="text-[11px] text-muted">{unit}</dt>
      <dd className="font-medium">{value}</dd>
    </div>
  );
}
