import type { BroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';

/** Tells the engine that the browser is online again, where something waits for it: the browser hears of it first. */
export function followNetwork(
  { broadcast: engine }: { readonly broadcast: Pick<EngineClient['broadcast'], 'networkUp'> },
  broadcast: BroadcastStore,
): void {
  window.addEventListener('online', () => {
    const { outputs } = broadcast.getState().snapshot;
    if (!outputs.some(({ state }) => state === 'reconnecting')) return;
    // The engine looks for a network itself; what it was told is only sooner.
    engine.networkUp().catch(() => undefined);
  });
}
