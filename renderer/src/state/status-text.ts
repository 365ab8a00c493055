import {
  destinationsOf,
  phaseLabels,
  type BroadcastSnapshot,
  type Step,
} from '@tallylight/contract';
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
export function connectingText(snapshot: BroadcastSnapshot): string {
  const step = activeStep(snapshot);
  return `${step ? phaseLabels[step.phase].active : 'Getting ready'}…`;
}

/**
 * The text of the `status` region. It has `LIVE` in it when live and only then, and `OFF AIR` when nothing is public;
 * no numbers, because screen readers read out every change.
 */
export function statusText(stage: Stage, snapshot: BroadcastSnapshot): string {
  switch (stage) {
    case 'off-air':
      return snapshot.error ? 'OFF AIR · The broadcast ended with an error' : 'OFF AIR';
    case 'connecting':
      return `OFF AIR · Connecting: ${connectingText(snapshot)}`;
    case 'cancelling':
      return 'OFF AIR · Cancelling…';
    case 'live':
      return 'LIVE';
    case 'stopping':
      // Still public until the server has let the stream go.
      return 'LIVE · Stopping…';
  }
}
