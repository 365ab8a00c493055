import { AppError, describeError, usualRecording, type Settings } from '@tallylight/contract';
import { expect, test, vi } from 'vitest';
import { createAlertsStore } from '../state/alerts-store.js';
import { createBroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createSettingsStore } from '../state/settings-store.js';
import { LiveBitrate } from './live-bitrate.js';

const settings: Settings = {
  ...{ cameraId: '', microphoneId: '', engine: 'webcodecs', language: 'en' },
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ destinationGroups: [], holdToStop: false, ...usualRecording },
  ...{ adaptBitrate: true, bitratePolicy: 'drop-slowest' },
};

const parts = (setVideoBitrate: (input: { videoBitrate: number }) => Promise<void>) => {
  const alerts = createAlertsStore();
  // The procedures that it does not use are left out.
  const client = {
    broadcast: { setVideoBitrate },
    settings: { update: () => Promise.resolve() },
  } as unknown as EngineClient;
  return {
    ...{ client, alerts, broadcast: createBroadcastStore() },
    settings: createSettingsStore(client, settings, alerts),
  };
};
const chosen = ({ settings: store }: ReturnType<typeof parts>): number =>
  store.getState().settings.videoBitrate;

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
  // There is one bitrate of the picture: it is what is chosen for the next broadcast, too.
  expect(chosen(studio)).toBe(1_000_000);
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
  expect(chosen(studio)).toBe(settings.videoBitrate);
  told.mockImplementation(() => Promise.resolve());
  void bitrate.setLimit(1_000_000);
  await vi.waitFor(() => expect(studio.alerts.getState().alerts).toEqual([]));
});
