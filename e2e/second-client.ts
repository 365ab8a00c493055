import type { Page } from '@playwright/test';
import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { openStudioClient, type StudioClient } from '../cli/test/studio-client.js';
import { until } from '../test/support/until.js';

export interface SecondClient extends Pick<StudioClient, 'client'> {
  close(): Promise<void>;
  /** The newest snapshot of the broadcast. */
  snapshot(): BroadcastSnapshot;
  /** The destination whose profile has this id, as of the newest snapshot. */
  destination(id: string): DestinationStatus | undefined;
  /** Resolves when that much more of the broadcast has come, in milliseconds of its own time. */
  moreMedia(milliseconds: number): Promise<void>;
  /** The last snapshot of the broadcast. */
  ended(): Promise<BroadcastSnapshot>;
}

/** Connects to the studio that `page` shows, with the cookie of its browser, and watches the broadcast. */
export async function openSecondClient(page: Page): Promise<SecondClient> {
  const { origin } = new URL(page.url());
  const [cookie] = await page.context().cookies(origin);
  if (!cookie) throw new Error('the window has no cookie');
  const studio = await openStudioClient(origin, `${cookie.name}=${cookie.value}`);
  const snapshots = await studio.client.broadcast.watch();
  const first = await snapshots.next();
  if (first.done) throw new Error('the studio gives no snapshot');
  let snapshot = first.value;
  const watching = (async () => {
    for await (snapshot of snapshots);
  })().catch(() => undefined); // It is closed, or the studio is.
  const media = (): number => snapshot.statistics?.durationMs ?? 0;
  return {
    client: studio.client,
    close: async () => {
      studio.close();
      await watching;
    },
    snapshot: () => snapshot,
    destination: (id) => destinationsOf(snapshot).find((each) => each.id === id),
    moreMedia: async (milliseconds) => {
      const enough = media() + milliseconds;
      await until(`${milliseconds} ms of media`, () => media() >= enough, 60_000);
    },
    ended: () => until('the end', () => snapshot.state === 'ended' && snapshot),
  };
}
