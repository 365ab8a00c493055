import type { BroadcastSnapshot } from '@tallylight/contract';
import { expect, it } from 'vitest';
import type { EngineClient } from '../state/engine-client.js';
import { watchBroadcast } from './watch-broadcast.js';

const snapshot: BroadcastSnapshot = { state: 'live', captureSteps: [], outputs: [] };

it('tells nothing of an engine any more once it is gone, not even what was under way', async () => {
  const gone = new AbortController();
  async function* watch(): AsyncGenerator<BroadcastSnapshot> {
    yield await Promise.resolve(snapshot);
    gone.abort();
    yield snapshot;
  }
  const broadcast = {
    showPreview: () => Promise.resolve(),
    watch: () => Promise.resolve(watch()),
  };
  const received: BroadcastSnapshot[] = [];
  // Of the engine it uses nothing else.
  const client = { broadcast } as unknown as EngineClient;
  await watchBroadcast(client, (each) => received.push(each), gone.signal);
  expect(received).toEqual([snapshot]);
});
