import type { OutputState } from '@tallylight/contract';
import type { StatusTone } from '../ui/status-mark.js';

/** The sign of how an output does; none where it is over. */
export const outputTones: Readonly<Record<OutputState, StatusTone | undefined>> = {
  connecting: 'busy',
  live: 'good',
  reconnecting: 'fair',
  failed: 'poor',
  stopped: undefined,
};
