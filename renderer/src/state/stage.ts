import type { BroadcastSnapshot } from '@tallylight/contract';

/**
 * Where the window is between off air and live, its own commands included. `stopping` follows `live`, `cancelling` what
 * never went live.
 */
export type Stage = 'off-air' | 'connecting' | 'live' | 'reconnecting' | 'cancelling' | 'stopping';

/** What this window has asked for and not seen yet. */
export type PendingCommand = 'none' | 'start' | 'stop';

export function stageOf(
  { state, liveAt }: Pick<BroadcastSnapshot, 'state' | 'liveAt'>,
  pending: PendingCommand,
): Stage {
  switch (state) {
    case 'idle':
    case 'ended':
      if (pending === 'none') return 'off-air';
      return pending === 'start' ? 'connecting' : 'cancelling';
    case 'connecting':
      return pending === 'stop' ? 'cancelling' : 'connecting';
    case 'live':
      return pending === 'stop' ? 'stopping' : 'live';
    case 'reconnecting':
      return pending === 'stop' ? 'stopping' : 'reconnecting';
    case 'stopping':
      return liveAt === undefined ? 'cancelling' : 'stopping';
  }
}

/** Whether a broadcast is under way, from the click on: it holds the devices and the settings. */
export const isRunning = (stage: Stage): boolean => stage !== 'off-air';

/** Whether somebody may be watching: the lamp is red, and nothing says OFF AIR. */
export const isOnAir = (stage: Stage): boolean => stage === 'live' || stage === 'stopping';
