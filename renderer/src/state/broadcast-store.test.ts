import { describeError } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { createBroadcastStore, currentSnapshot } from './broadcast-store.js';

it('shows nothing of the last broadcast while the next is asked for', () => {
  const store = createBroadcastStore();
  const { receive, setPending } = store.getState();
  const error = describeError('STREAM_REFUSED', { host: 'a', reason: 'no' }, 'publish');
  receive({ state: 'ended', startedAt: 1, captureSteps: [], outputs: [], error });
  expect(currentSnapshot(store.getState()).error).toEqual(error);
  setPending('start');
  expect(currentSnapshot(store.getState())).toMatchObject({ state: 'idle', outputs: [] });
  receive({ state: 'connecting', startedAt: 2, captureSteps: [], outputs: [] });
  expect(currentSnapshot(store.getState())).toMatchObject({ state: 'connecting', startedAt: 2 });
});
