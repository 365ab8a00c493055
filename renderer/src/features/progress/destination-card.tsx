import type { DestinationStatus } from '@tallylight/contract';
import { ExternalLink } from 'lucide-react';
import { useMessages } from '../../control/studio-context.js';
import {
  formatBytes,
  formatElapsed,
  formatPercent,
  formatWhole,
} from '../../state/number-format.js';
import { Section } from '../../ui/section.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';

const states: Record<DestinationStatus['state'], { tone: StatusTone }> = {
  connecting: { tone: 'busy' },
  live: { tone: 'good' },
  reconnecting: { tone: 'fair' },
  failed: { tone: 'poor' },
  stopped: { tone: 'fair' },
};

export function DestinationCard({ destination }: { destination: DestinationStatus }) {
  const { framesSent, framesDropped, bytesSent, goLiveMs, reconnects } = destination;
  const messages = useMessages();
  const { t } = messages;
  const { tone } = states[destination.state];
  const total = framesSent + framesDropped;
  return (
    <Section title={destination.name}>
      <div className="space-y-2.5 rounded-xl border border-line bg-raised px-3 py-3">
        <p className="flex items-center gap-2 font-semibold">
          <StatusMark tone={tone} />
          {t(`window.progress.states.${destination.state}`)}
          {goLiveMs !== undefined && (
            <span className="numbers ml-auto font-normal text-muted">
              {t('window.progress.after', { time: formatElapsed(goLiveMs, messages) })}
            </span>
          )}
        </p>
        <p className="truncate text-muted" title={destination.url}>
          {destination.url}
        </p>
        <dl className="numbers grid grid-cols-2 gap-x-3 gap-y-1.5">
          <Fact name={t('window.progress.sent')} value={formatBytes(bytesSent, messages)} />
          <Fact
            name={t('window.progress.dropped')}
            value={formatPercent(total === 0 ? 0 : framesDropped / total, messages)}
          />
          <Fact name={t('window.progress.frames')} value={formatWhole(framesSent, messages)} />
          <Fact name={t('window.progress.reconnects')} value={formatWhole(reconnects, messages)} />
        </dl>
        {destination.lastError && (
          <p className="text-live-text wrap-anywhere">
            {messages.error(destination.lastError).message}
          </p>
        )}
        {destination.watchUrl && (
          <a
            href={destination.watchUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1.5 font-medium text-accent hover:underline"
          >
            {t('window.progress.watch')}
            <ExternalLink aria-hidden size={14} />
          </a>
        )}
      </div>
    </Section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex justify-between gap-2">
      <dt className="text-muted">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
