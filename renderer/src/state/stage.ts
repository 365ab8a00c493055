import type { BroadcastSnapshot } from '@tallylight/contract';

/** Where the window is between off air and live, its own commands included. */
export type Stage = 'off-air' | 'connecting' | 'live' | 'cancelling' | 'stopping';

/** What this window has asked for and not seen yet. */
export type PendingCommand = 'none' | 'start' | 'stop';

export function stageOf(state: BroadcastSnapshot['state'], pending: PendingCommand): Stage {
  switch (state) {
    case 'idle':
    case 'ended':
      if (pending === 'none') return 'off-air';
      return pending === 'start' ? 'connecting' : 'cancelling';
    case 'connecting':
      return pending === 'stop' ? 'cancelling' : 'connecting';
    case 'live':
      return pending === 'stop' ? 'stopping' : 'live';
    case 'stopping':
      return 'stopping';
  }
}

/** Whether a broadcast holds the devices and the settings. */
export const isOnAir = (stage: Stage): boolean => stage !== 'off-air';
