import type { DestinationStatus } from '@tallylight/contract';
import { ExternalLink, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { destinationDroppedRatio } from '../../state/broadcast-figures.js';
import {
  formatBytes,
  formatElapsed,
  formatKilobits,
  formatPercent,
  formatShortClock,
  formatWhole,
} from '../../state/number-format.js';
import { isRunning } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';
import { useNow } from '../../ui/use-now.js';

const tones: Record<DestinationStatus['state'], StatusTone | undefined> = {
  connecting: 'busy',
  live: 'good',
  reconnecting: 'fair',
  failed: 'poor',
  stopped: undefined,
};

export interface DestinationCardProps {
  readonly destination: DestinationStatus;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
}

/** How one server does, and the one thing that helps where it is away. */
export function DestinationCard({ destination, action }: DestinationCardProps) {
  const { t } = useMessages();
  const tone = tones[destination.state];
  return (
    <Section title={destination.name} action={action}>
      <div className="space-y-2.5 rounded-xl border border-line bg-raised px-3 py-3">
        <p className="flex items-center gap-2 font-semibold">
          {tone && <StatusMark tone={tone} />}
          {t(`window.progress.states.${destination.state}`)}
          <StateTime destination={destination} />
        </p>
        <p className="wrap-anywhere text-muted">{destination.url}</p>
        <Loss destination={destination} />
        <Figures destination={destination} />
        {destination.watchUrl && destination.state === 'live' && (
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

/** How long it took to be live, or has been away. */
function StateTime({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { state, goLiveMs, lostAt, reconnects } = destination;
  const messages = useMessages();
  const isAway = state === 'reconnecting';
  const now = useNow(isAway);
  const text = ((): string | undefined => {
    if (isAway && lostAt !== undefined) {
      return messages.t('window.progress.lostFor', { time: formatShortClock(now - lostAt) });
    }
    // It tells of the first time only.
    if (state !== 'live' || goLiveMs === undefined || reconnects > 0) return undefined;
    return messages.t('window.progress.after', { time: formatElapsed(goLiveMs, messages) });
  })();
  return text && <span className="numbers ml-auto font-normal text-muted">{text}</span>;
}

/** Why a server is away, when it is tried again, and a way not to wait for that. An error that is over is not told. */
function Loss({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { id, state, lastError } = destination;
  const messages = useMessages();
  const { goLive } = useStudio();
  const isOver = !isRunning(useStage());
  if (state !== 'reconnecting' && state !== 'failed') return undefined;
  const sentences = lastError && messages.error(lastError);
  return (
    <>
      {sentences && (
        <p className="wrap-anywhere">
          <span className="text-live-text">{sentences.message}</span>
          {state === 'failed' && ` ${sentences.remedy}`}
        </p>
      )}
      {!isOver && (
        <div className="flex items-center justify-between gap-3">
          <span className="numbers">
            {state === 'reconnecting' && <NextTry destination={destination} />}
          </span>
          <Button onClick={() => void goLive.retryDestination(id)}>
            <RotateCw aria-hidden size={14} />
            {messages.t('window.progress.retryNow')}
          </Button>
        </div>
      )}
    </>
  );
}

function NextTry({ destination: { waiting } }: Pick<DestinationCardProps, 'destination'>) {
  const { t } = useMessages();
  const now = useNow(waiting !== undefined);
  const seconds = waiting ? Math.ceil((waiting.until - now) / 1000) : 0;
  return waiting && seconds > 0
    ? t('window.progress.nextTry', { attempt: waiting.attempt, seconds })
    : t('window.progress.tryingNow');
}

function Figures({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { framesSent, framesMissed = 0, bytesSent, bitrate = 0, reconnects } = destination;
  const messages = useMessages();
  const { t } = messages;
  const kilobits = formatKilobits(bitrate, messages);
  return (
    <dl className="numbers grid grid-cols-2 gap-x-3 gap-y-1.5">
      <Fact name={t('window.progress.sent')} value={formatBytes(bytesSent, messages)} />
      <Fact name={t('window.numbers.bitrate')} value={kilobits} />
      <Fact name={t('window.progress.frames')} value={formatWhole(framesSent, messages)} />
      <Fact
        name={t('window.progress.dropped')}
        value={formatPercent(destinationDroppedRatio(destination), messages)}
      />
      {(reconnects > 0 || framesMissed > 0) && (
        <>
          <Fact name={t('window.progress.reconnects')} value={formatWhole(reconnects, messages)} />
          <Fact
            name={t('window.progress.missed')}
            value={formatWhole(framesMissed, messages)}
            title={t('window.progress.missedWhy')}
          />
        </>
      )}
    </dl>
  );
}

function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div className="flex justify-between gap-2" title={title}>
      <dt className="text-muted">{name}</dt>
      <dd className="whitespace-nowrap">{value}</dd>
    </div>
  );
}
