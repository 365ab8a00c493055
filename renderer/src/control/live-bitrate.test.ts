import { AppError, describeError } from '@tallylight/contract';
import { expect, test, vi } from 'vitest';
import { createAlertsStore } from '../state/alerts-store.js';
import { createBroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { LiveBitrate } from './live-bitrate.js';

const parts = (setVideoBitrate: (input: { videoBitrate: number }) => Promise<void>) => ({
  // The procedures that it does not use are left out.
  client: { broadcast: { setVideoBitrate } } as unknown as EngineClient,
  alerts: createAlertsStore(),
  broadcast: createBroadcastStore(),
});

test('a limit is there only when the broadcast shows it, so that a slider does not jump back', async () => {
  const told = vi.fn(() => Promise.resolve());
  const studio = parts(told);
  const show = (limit: number): void =>
    studio.broadcast.getState().receive({
      ...{ state: 'live', captureSteps: [], outputs: [] },
      videoBitrate: {
        ...{ asked: limit, limit, adaptation: 'drop-slowest', loweredFor: [], overruled: [] },
      },
    });
  show(2_500_000);
  const done = vi.fn();
  const set = new LiveBitrate(studio).setLimit(1_000_000).then(done);
  await vi.waitFor(() => expect(told).toHaveBeenCalledWith({ videoBitrate: 1_000_000 }));
  show(2_500_000);
  await Promise.resolve();
  expect(done).not.toHaveBeenCalled();
  show(1_000_000);
  await set;
  expect(studio.alerts.getState().alerts).toEqual([]);
});

test('why a limit was refused is said until one is taken', async () => {
  const error = describeError('CANNOT_CHANGE_BITRATE', { source: 'camera' });
  const told = vi.fn((): Promise<void> => Promise.reject(new AppError(error)));
  const studio = parts(told);
  const bitrate = new LiveBitrate(studio);
  await bitrate.setLimit(1_000_000);
  expect(studio.alerts.getState().alerts).toMatchObject([
    { topic: 'bitrate', title: 'bitrateNotChanged', error: { code: 'CANNOT_CHANGE_BITRATE' } },
  ]);
  told.mockImplementation(() => Promise.resolve());
  void bitrate.setLimit(1_000_000);
  await vi.waitFor(() => expect(studio.alerts.getState().alerts).toEqual([]));
});
