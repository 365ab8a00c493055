import type { SystemInfo } from '@tallylight/contract';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import { isRunning } from '../state/stage.js';
import type { GoLiveController } from './go-live.js';

interface Parts {
  readonly system: SystemInfo;
  readonly broadcast: BroadcastStore;
  readonly goLive: GoLiveController;
  readonly profiles: ProfilesStore;
}

/**
 * What ends with the page: a broadcast that it sends, about which the browser asks first (the desktop app asks itself),
 * and the time in which a deleted profile can be had back.
 */
export function guardEnd({ system, broadcast, goLive, profiles }: Parts): void {
  window.addEventListener('beforeunload', (event) => {
    if (system.shell !== 'browser' || !broadcast.getState().startedHere) return;
    if (isRunning(goLive.stage)) event.preventDefault();
  });
  window.addEventListener('pagehide', () => void profiles.getState().finishRemoval());
}
