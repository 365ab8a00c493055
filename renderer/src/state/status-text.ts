import { destinationsOf, type BroadcastSnapshot, type Step } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import type { Stage } from './stage.js';

/** The step that is being worked on, of the capture first, then of the first destination that still connects. */
function activeStep(snapshot: BroadcastSnapshot): Step | undefined {
  const steps = [
    ...snapshot.captureSteps,
    ...destinationsOf(snapshot)
      .filter(({ state }) => state === 'connecting')
      .flatMap((destination) => destination.steps),
  ];
  return steps.find(({ state }) => state === 'active');
}

/** What the window is doing while it connects, such as "RTMP handshake…". */
export function connectingText(snapshot: BroadcastSnapshot, { t }: WindowMessages): string {
  if (snapshot.presence === 'waiting') return t('window.status.waitingForStream');
  const step = activeStep(snapshot);
  return step
    ? t('window.status.phase', { phase: t(`phases.${step.phase}.active`) })
    : t('window.status.gettingReady');
}

/**
 * The text of the `status` region. It begins with one of `OFF AIR`, `GOING LIVE`, `LIVE` and `RECONNECTING`, which scripts
 * wait for, and has none of the others in it; no numbers, because screen readers read out every change.
 */
export function statusText(
  stage: Stage,
  snapshot: BroadcastSnapshot,
  failureShown: boolean,
  messages: WindowMessages,
): string {
  const { t } = messages;
  switch (stage) {
    case 'off-air':
      if (!snapshot.error || !failureShown) return t('window.status.offAir');
      return t(
        snapshot.liveAt === undefined
          ? 'window.status.offAirFailed'
          : 'window.status.offAirWithError',
      );
    case 'recording':
      return t('window.status.recording');
    case 'connecting':
      return t('window.status.connecting', { text: connectingText(snapshot, messages) });
    case 'cancelling':
      return t('window.status.cancelling');
    case 'live':
      return t('window.status.live');
    case 'reconnecting':
      return t('window.status.reconnecting');
    case 'stopping':
      // Still public until the server has let the stream go.
      return t('window.status.stopping');
    case 'ending':
      return t('window.status.ending');
  }
}
