import type { OutputState } from '@tallylight/contract';

/** The sign of how an output does; none where it is over. */
export const outputTones = {
  connecting: 'busy',
  live: 'good',
  reconnecting: 'fair',
  failed: 'poor',
  stopped: undefined,
} as const satisfies Record<OutputState, string | undefined>;
