import type { BroadcastSnapshot } from '@tallylight/contract';
import { wait } from 'node-rtmp-client/async';
import type { EngineClient } from '../state/engine-client.js';

const firstRetryMs = 250;
const lastRetryMs = 4000;

/** Feeds every snapshot to `receive` until `signal` is aborted; a subscription that breaks is made again. */
export async function watchBroadcast(
  client: EngineClient,
  receive: (snapshot: BroadcastSnapshot) => void,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  let retryMs = firstRetryMs;
  while (!isOver()) {
    try {
      // Whoever looks last is shown what ffmpeg captures.
      await client.broadcast.showPreview();
      // Not with the signal: it is aborted when the engine is gone, and telling that to the engine would fail unseen.
      for await (const snapshot of await client.broadcast.watch()) {
        // One may have been under way already.
        if (isOver()) return;
        receive(snapshot);
        retryMs = firstRetryMs;
      }
    } catch {
      // The connection's own listener says when the engine is gone; anything else is worth another try.
    }
    await wait(retryMs, signal);
    retryMs = Math.min(lastRetryMs, retryMs * 2);
  }
}
