import { useStore } from 'zustand';
import { wantedBitrate } from '../../state/broadcast-figures.js';
import { historyLength } from '../../state/broadcast-store.js';
import { formatKilobits } from '../../state/number-format.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Section } from '../../ui/section.js';

const width = 300;
const height = 48;

/** At first one minute wide, so that there is something to see; two snapshots a second. */
const firstMinute = 120;

/** What went out; now is at the right end. */
export function BitrateGraph() {
  const messages = useMessages();
  const { t } = messages;
  const { bitrates, snapshot } = useStore(useStudio().broadcast);
  const wanted = wantedBitrate(snapshot);
  const span = bitrates.length > firstMinute ? historyLength : firstMinute;
  const top = Math.max((wanted ?? 0) * 1.25, 1, ...bitrates);
  const y = (bitrate: number): number => height - (bitrate / top) * height;
  const x = (index: number): number => width - ((bitrates.length - 1 - index) / (span - 1)) * width;
  const points = bitrates.map((bitrate, i) => `${x(i).toFixed(1)},${y(bitrate).toFixed(1)}`);
  return (
    <Section title={t('window.progress.bitrate')}>
      <div className="rounded-xl border border-line bg-raised px-3 py-2">
        <svg
          role="img"
          aria-label={t('window.progress.bitrateOverTime')}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          className="block h-12 w-full"
        >
          {wanted !== undefined && (
            <line
              x1={0}
              x2={width}
              y1={y(wanted)}
              y2={y(wanted)}
              className="bitrate-wanted"
              strokeDasharray="3 4"
              vectorEffect="non-scaling-stroke"
            />
          )}
          <polyline
            points={points.join(' ')}
            fill="none"
            className="bitrate-sent"
            strokeWidth={2}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <p className="numbers mt-1 flex justify-between text-[11px] text-muted">
          {wanted !== undefined && (
            <span>
              {t('window.progress.wanted', { kilobits: formatKilobits(wanted, messages) })}
            </span>
          )}
          <span className="ml-auto">
            {t(
              span === historyLength ? 'window.progress.lastMinutes' : 'window.progress.lastMinute',
            )}
          </span>
        </p>
      </div>
    </Section>
  );
}
