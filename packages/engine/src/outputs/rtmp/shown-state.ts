import type { OutputState } from '@tallylight/contract';
import type { ReconnectState } from './reconnect-machine.js';

/** What people are told; the machine's states are finer. */
export function shownState(state: ReconnectState): OutputState {
  switch (state.type) {
    case 'idle':
      return 'connecting';
    case 'connecting':
    case 'published':
    case 'waiting':
      return state.history.wasLive ? 'reconnecting' : 'connecting';
    case 'stopping':
      if (state.reached !== 'published') return 'live';
      return state.history.wasLive ? 'reconnecting' : 'connecting';
    case 'accepted':
    case 'stable':
      return 'live';
    case 'ended':
      return 'stopped';
    case 'failed':
      return 'failed';
  }
}
