import { broadcastSnapshotSchema, type BroadcastSnapshot } from '@tallylight/contract';
import type { Page } from '@playwright/test';

/** What the engine has told the window last of its broadcast: the same that the window shows. To be called before the page is opened. */
export function watchBroadcast(page: Page): () => BroadcastSnapshot | undefined {
  let newest: BroadcastSnapshot | undefined;
  watchSnapshots(page, (snapshot) => (newest = snapshot));
  return () => newest;
}

/** Gets each of them as it comes. To be called before the page is opened. */
export function watchSnapshots(
  page: Page,
  onSnapshot: (snapshot: BroadcastSnapshot) => void,
): void {
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).pathname !== '/rpc') return;
    socket.on('framereceived', ({ payload }) => {
      const snapshot = findSnapshot(JSON.parse(payload.toString()));
      if (snapshot) onSnapshot(snapshot);
    });
  });
}

/** Snapshots come wrapped in the messages of the RPC library. */
function findSnapshot(value: unknown): BroadcastSnapshot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const parsed = broadcastSnapshotSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return Object.values(value)
    .map(findSnapshot)
    .find((found) => found !== undefined);
}
