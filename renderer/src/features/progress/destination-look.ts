import type { BroadcastSnapshot, DestinationStatus } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { outputTones } from '../../state/output-tones.js';
import type { OutputSectionProps } from './output-section.js';

/** It seems to be there, but gives no sign of life. */
export const isSilent = ({ state, silentMs }: DestinationStatus): boolean =>
  state === 'live' && silentMs !== undefined;

/** Whether it waits for somebody, or for its time, to be tried again. */
export const mayRetry = ({ state, isFinished }: DestinationStatus): boolean =>
  (state === 'reconnecting' || state === 'failed') && isFinished !== true;

/** How a destination does, as a sign and in words. */
export function destinationLook(
  destination: DestinationStatus,
  snapshot: BroadcastSnapshot,
  { t }: WindowMessages,
): Pick<OutputSectionProps, 'tone' | 'label'> {
  const { state } = destination;
  if (isSilent(destination)) return { tone: 'fair', label: t('window.progress.noAnswer') };
  const isOver = snapshot.state === 'ended' && snapshot.error !== undefined;
  if (state === 'stopped' && isOver) return { tone: 'fair', label: t('window.progress.brokeOff') };
  return { tone: outputTones[state], label: t(`window.progress.states.${state}`) };
}
