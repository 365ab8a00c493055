import type { DestinationStatus } from '@tallylight/contract';
import { useMessages } from '../../control/studio-context.js';
import { destinationDroppedRatio, wasLive } from '../../state/broadcast-figures.js';
import {
  formatBytes,
  formatElapsed,
  formatKilobits,
  formatPercent,
  formatShortClock,
  formatTenths,
  formatWhole,
} from '../../state/number-format.js';
import { useNow } from '../../ui/use-now.js';
import { Fact, Facts } from './output-section.js';

/** What is not measured has no figure. */
const unknown = '–';

interface FactsProps {
  readonly destination: DestinationStatus;
}

/** What one server gets, what it got, and what it did not get, and why. */
export function DestinationFacts({ destination }: FactsProps) {
  const { state, framesSent, bytesSent } = destination;
  const messages = useMessages();
  const { t } = messages;
  return (
    <Facts>
      {/* Of what is over there is nothing now. */}
      {state !== 'stopped' && state !== 'failed' && <Now destination={destination} />}
      <Fact name={t('window.progress.sent')} value={formatBytes(bytesSent, messages)} />
      <Fact name={t('window.progress.frames')} value={formatWhole(framesSent, messages)} />
      <Losses destination={destination} />
    </Facts>
  );
}

function Now({ destination }: FactsProps) {
  const { state, bitrate, fps, rttMs, queuedMs, queuedBytes = 0, liveSince } = destination;
  const messages = useMessages();
  const { t } = messages;
  const now = useNow(liveSince !== undefined);
  return (
    <>
      <Fact
        name={t('window.progress.bitrate')}
        value={
          bitrate === undefined
            ? unknown
            : t('window.numbers.kilobits', { value: formatKilobits(bitrate, messages) })
        }
      />
      <Fact
        name={t('window.progress.frameRate')}
        value={
          fps === undefined
            ? unknown
            : t('window.progress.fps', { value: formatTenths(fps, messages) })
        }
      />
      <Fact
        name={t('window.numbers.roundTrip')}
        // What it answered before it was lost is no round trip any more.
        value={rttMs === undefined || state !== 'live' ? unknown : formatElapsed(rttMs, messages)}
        title={t('window.numbers.roundTripWhy')}
      />
      {queuedMs !== undefined && (
        <Fact
          name={t('window.progress.queue')}
          value={t('window.progress.queued', {
            time: formatElapsed(queuedMs, messages),
            size: formatBytes(queuedBytes, messages),
          })}
          title={t('window.progress.queueWhy')}
        />
      )}
      <Fact
        name={t('window.progress.upTime')}
        value={liveSince === undefined ? unknown : formatShortClock(now - liveSince)}
        title={t('window.progress.upTimeWhy')}
      />
    </>
  );
}

function Losses({ destination }: FactsProps) {
  const { reconnects, framesMissed = 0, droppedBy } = destination;
  const messages = useMessages();
  const { t } = messages;
  const moved = droppedBy?.move ?? 0;
  return (
    <>
      <Fact
        name={t('window.progress.dropped')}
        value={formatPercent(destinationDroppedRatio(destination), messages)}
        title={t('window.progress.droppedWhy')}
      />
      {moved > 0 && (
        <Fact
          name={t('window.progress.moved')}
          value={formatWhole(moved, messages)}
          title={t('window.progress.movedWhy')}
        />
      )}
      {wasLive(destination) && (reconnects > 0 || framesMissed > 0) && (
        <>
          <Fact name={t('window.progress.reconnects')} value={formatWhole(reconnects, messages)} />
          <Fact
            name={t('window.progress.missed')}
            value={
              framesMissed === 0
                ? formatWhole(0, messages)
                : t('window.progress.upTo', { number: formatWhole(framesMissed, messages) })
            }
            title={t('window.progress.missedWhy')}
          />
        </>
      )}
    </>
  );
}
