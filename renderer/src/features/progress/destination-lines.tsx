import type { DestinationStatus } from '@tallylight/contract';
import { ChevronDown, ChevronRight, CircleStop, Play, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useMessages, useSnapshot, useStage } from '../../control/studio-context.js';
import { useOutputCommand } from '../../control/use-destination-command.js';
import { destinationNotSentRatio } from '../../state/broadcast-figures.js';
import { formatKilobits, formatPercent } from '../../state/number-format.js';
import { destinationName } from '../../state/profile-text.js';
import { isRunning } from '../../state/stage.js';
import { IconButton } from '../../ui/icon-button.js';
import { StatusMark } from '../../ui/status-mark.js';
import { DestinationDetails, RetryButton, StateTime } from './destination-card.js';
import { destinationLook, mayRetry } from './destination-look.js';

/** More than this many have a line each, which opens to the card. */
export const mostCards = 3;

const icons = { start: Play, stop: CircleStop, 'leave-out': X } as const;

export function DestinationLines({ destinations }: { destinations: readonly DestinationStatus[] }) {
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      {destinations.map((destination) => (
        <DestinationLine key={destination.id} destination={destination} />
      ))}
    </ul>
  );
}

function DestinationLine({ destination }: { destination: DestinationStatus }) {
  const { id, bitrate, url } = destination;
  const messages = useMessages();
  const { t } = messages;
  const snapshot = useSnapshot();
  const isOnAir = isRunning(useStage());
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  const name = destinationName(destination, messages);
  const { tone, label } = destinationLook(destination, snapshot, messages);
  const notSent = destinationNotSentRatio(destination);
  const canRetry = isOnAir && mayRetry(destination);
  const command = useOutputCommand(id);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="px-3 py-1.5">
      <div className="flex items-center gap-2">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={detailsId}
          aria-label={t('window.destinations.details', { name })}
          onClick={() => setOpen(!isOpen)}
          className="-ml-1.5 flex size-6 flex-none items-center justify-center rounded-md text-muted hover:text-text"
        >
          <Chevron aria-hidden size={16} />
        </button>
        <div className="min-w-0 flex-1">
          <p className="line-clamp-2 font-medium wrap-anywhere" title={name}>
            {name}
          </p>
          <p className="numbers flex flex-wrap items-center gap-x-2 text-xs text-muted">
            <span className="flex items-center gap-1.5">
              {tone && <StatusMark tone={tone} size={14} />}
              {label}
            </span>
            {notSent !== undefined && (
              <span>
                {t('window.destinations.lost', { share: formatPercent(notSent, messages) })}
              </span>
            )}
          </p>
        </div>
        {/* What helps where it is away; the opened card has it, too. */}
        {canRetry && !isOpen ? (
          <RetryButton id={id} />
        ) : (
          <span className="numbers flex-none text-muted">
            {t('window.numbers.kilobits', {
              value: bitrate === undefined ? '–' : formatKilobits(bitrate, messages),
            })}
          </span>
        )}
        {command && (
          <span className="-mr-2 flex flex-none">
            <IconButton
              Icon={icons[command.action]}
              label={command.fullLabel}
              why={command.why}
              disabled={command.isBusy || command.why !== undefined}
              onClick={command.run}
            />
          </span>
        )}
      </div>
      <div id={detailsId} hidden={!isOpen} className="space-y-2.5 pt-1.5 pb-1">
        {isOpen && (
          <>
            <p className="flex wrap-anywhere text-muted">
              {url}
              <StateTime destination={destination} />
            </p>
            <DestinationDetails destination={destination} />
          </>
        )}
      </div>
    </li>
  );
}
