import type { DestinationStatus } from '@tallylight/contract';
import { useMessages } from '../../control/studio-context.js';
import { destinationDroppedRatio } from '../../state/broadcast-figures.js';
import {
  formatBytes,
  formatElapsed,
  formatKilobits,
  formatPercent,
  formatTenths,
  formatWhole,
} from '../../state/number-format.js';
import { Fact, Facts } from './output-section.js';

/** What is not measured has no figure. */
const unknown = '–';

/** What one server got, and what it did not get, and why. */
export function DestinationFacts({ destination }: { readonly destination: DestinationStatus }) {
  const { state, framesSent, framesMissed = 0, bytesSent, reconnects } = destination;
  const { bitrate, fps, rttMs } = destination;
  const messages = useMessages();
  const { t } = messages;
  // Of what is over there is none.
  const isOver = state === 'stopped' || state === 'failed';
  return (
    <Facts>
      <Fact name={t('window.progress.sent')} value={formatBytes(bytesSent, messages)} />
      {state !== 'stopped' && (
        <Fact
          name={t('window.progress.bitrate')}
          value={
            bitrate === undefined
              ? unknown
              : t('window.numbers.kilobits', { value: formatKilobits(bitrate, messages) })
          }
        />
      )}
      <Fact name={t('window.progress.frames')} value={formatWhole(framesSent, messages)} />
      <Fact
        name={t('window.progress.dropped')}
        value={formatPercent(destinationDroppedRatio(destination), messages)}
        title={t('window.progress.droppedWhy')}
      />
      {!isOver && (
        <>
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
            value={rttMs === undefined ? unknown : formatElapsed(rttMs, messages)}
            title={t('window.numbers.roundTripWhy')}
          />
        </>
      )}
      {(reconnects > 0 || framesMissed > 0) && (
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
    </Facts>
  );
}
