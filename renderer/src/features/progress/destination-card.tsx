import type { DestinationStatus } from '@tallylight/contract';
import { ExternalLink } from 'lucide-react';
import { formatBytes, formatElapsed, formatPercent } from '../../state/number-format.js';
import { Section } from '../../ui/section.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';

const states: Record<DestinationStatus['state'], { tone: StatusTone; word: string }> = {
  connecting: { tone: 'busy', word: 'Connecting' },
  live: { tone: 'good', word: 'On air' },
  reconnecting: { tone: 'fair', word: 'Reconnecting' },
  failed: { tone: 'poor', word: 'Failed' },
  stopped: { tone: 'fair', word: 'Stopped' },
};

export function DestinationCard({ destination }: { destination: DestinationStatus }) {
  const { framesSent, framesDropped, bytesSent, goLiveMs, reconnects } = destination;
  const { tone, word } = states[destination.state];
  const total = framesSent + framesDropped;
  return (
    <Section title={destination.name}>
      <div className="space-y-2.5 rounded-xl border border-line bg-raised px-3 py-3">
        <p className="flex items-center gap-2 font-semibold">
          <StatusMark tone={tone} />
          {word}
          {goLiveMs !== undefined && (
            <span className="numbers ml-auto font-normal text-muted">
              after {formatElapsed(goLiveMs)}
            </span>
          )}
        </p>
        <p className="truncate text-muted" title={destination.url}>
          {destination.url}
        </p>
        <dl className="numbers grid grid-cols-2 gap-x-3 gap-y-1.5">
          <Fact name="Sent" value={formatBytes(bytesSent)} />
          <Fact name="Dropped" value={formatPercent(total === 0 ? 0 : framesDropped / total)} />
          <Fact name="Frames" value={framesSent.toLocaleString('en')} />
          <Fact name="Reconnects" value={String(reconnects)} />
        </dl>
        {destination.lastError && (
          <p className="text-live-text wrap-anywhere">{destination.lastError.message}</p>
        )}
        {destination.watchUrl && (
          <a
            href={destination.watchUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1.5 font-medium text-accent hover:underline"
          >
            Watch it in a browser
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
