import type { BroadcastSnapshot } from '@tallylight/contract';
import type { EngineClient } from '../state/engine-client.js';
import { follow } from './follow.js';

/** Feeds every snapshot to `receive` until `signal` is aborted; a subscription that breaks is made again. */
export const watchBroadcast = (
  client: EngineClient,
  receive: (snapshot: BroadcastSnapshot) => void,
  signal: AbortSignal,
): Promise<void> =>
  follow(
    async () => {
      // Whoever looks last is shown what ffmpeg captures.
      await client.broadcast.showPreview();
      return client.broadcast.watch();
    },
    receive,
    signal,
  );
