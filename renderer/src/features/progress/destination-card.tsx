import { isRefusal, type DestinationStatus } from '@tallylight/contract';
import { ExternalLink, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import {
  useIsTold,
  useMessages,
  useSnapshot,
  useStage,
  useStudio,
} from '../../control/studio-context.js';
import { useOutputCommand } from '../../control/use-destination-command.js';
import { silentSeconds } from '../../state/broadcast-figures.js';
import { formatElapsed, formatShortClock } from '../../state/number-format.js';
import { destinationName } from '../../state/profile-text.js';
import { isRunning } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { useNow } from '../../ui/use-now.js';
import { CommandButton } from './command-button.js';
import { DestinationFacts } from './destination-facts.js';
import { DestinationGraph } from './destination-graph.js';
import { DestinationMonitor } from './destination-monitor.js';
import { Steps } from './checklist.js';
import { destinationLook, isSilent, mayRetry } from './destination-look.js';
import { OutputSection } from './output-section.js';

export interface DestinationCardProps {
  readonly destination: DestinationStatus;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
}

/** How one server does, what ends or begins it alone, and the one thing that helps where it is away. */
export function DestinationCard({ destination, action }: DestinationCardProps) {
  const messages = useMessages();
  const command = useOutputCommand(destination.id);
  const { url } = destination;
  const snapshot = useSnapshot();
  const look = destinationLook(destination, snapshot, messages);
  return (
    <OutputSection
      name={destinationName(destination, messages)}
      {...look}
      aside={<StateTime destination={destination} />}
      place={url}
      action={action ?? (command && <CommandButton command={command} />)}
    >
      <DestinationDetails destination={destination} />
    </OutputSection>
  );
}

/** What is told of it below its state. */
export function DestinationDetails({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { state, watchUrl } = destination;
  const snapshot = useSnapshot();
  const { t } = useMessages();
  // Until it is live for the first time, and where that failed, the phases say how far it came.
  const isOnItsWay = state === 'connecting' || state === 'failed';
  return (
    <>
      <Loss destination={destination} />
      {isOnItsWay && destination.goLiveMs === undefined && (
        <Steps steps={destination.steps} over={snapshot.state === 'ended'} />
      )}
      <DestinationFacts destination={destination} />
      {destination.goLiveMs !== undefined && <DestinationGraph destination={destination} />}
      {(state === 'live' || state === 'reconnecting') && snapshot.state !== 'ended' && (
        <DestinationMonitor destination={destination} />
      )}
      {watchUrl && state === 'live' && (
        <a
          href={watchUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1.5 font-medium text-accent hover:underline"
        >
          {t('window.progress.watch')}
          <ExternalLink aria-hidden size={14} />
        </a>
      )}
    </>
  );
}

/** How long it took to be live, or has been away or silent. */
export function StateTime({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { state, goLiveMs, lostAt, reconnects } = destination;
  const messages = useMessages();
  const isAway = state === 'reconnecting';
  const now = useNow(isAway);
  const text = ((): string | undefined => {
    if (isAway && lostAt !== undefined) {
      return messages.t('window.progress.lostFor', { time: formatShortClock(now - lostAt) });
    }
    if (isSilent(destination)) {
      return messages.t('window.progress.silentFor', {
        seconds: silentSeconds(destination),
      });
    }
    // It tells of the first time only.
    if (state !== 'live' || goLiveMs === undefined || reconnects > 0) return undefined;
    return messages.t('window.progress.after', { time: formatElapsed(goLiveMs, messages) });
  })();
  return text && <span className="numbers ml-auto font-normal text-muted">{text}</span>;
}

/** Why a server is away, when it is tried again, and a way not to wait for that. An error that is over is not told. */
function Loss({ destination }: Pick<DestinationCardProps, 'destination'>) {
  const { id, state, lastError, gaveUp } = destination;
  const messages = useMessages();
  const isOnAir = isRunning(useStage());
  const isTold = useIsTold(lastError) && state === 'failed';
  if (state !== 'reconnecting' && state !== 'failed') return undefined;
  const sentences = lastError && !isTold ? messages.error(lastError) : undefined;
  return (
    <>
      {sentences && (
        <p className="wrap-anywhere">
          <span className="text-live-text">{sentences.message}</span>
          {state === 'failed' && `${messages.t('window.sentenceGap')}${sentences.remedy}`}
        </p>
      )}
      {gaveUp && lastError && <p>{messages.gaveUp(isRefusal(lastError) ? 'refused' : 'failed')}</p>}
      {isOnAir && mayRetry(destination) && (
        <div className="flex items-center justify-between gap-3">
          <span className="numbers">
            {state === 'reconnecting' && <NextTry destination={destination} />}
          </span>
          <RetryButton id={id} />
        </div>
      )}
    </>
  );
}

export function RetryButton({ id }: { id: string }) {
  const { t } = useMessages();
  const { liveDestinations } = useStudio();
  const isBusy = useStore(liveDestinations.asked, (asked) => asked.has(id));
  return (
    <Button disabled={isBusy} onClick={() => void liveDestinations.retry(id)}>
      <RotateCw aria-hidden size={14} />
      {t('window.progress.retryNow')}
    </Button>
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
