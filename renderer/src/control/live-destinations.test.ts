import { usualRecording, type DestinationStatus, type Settings } from '@tallylight/contract';
import { expect, test, vi } from 'vitest';
import { destination } from '../../test/snapshots.js';
import { createAlertsStore } from '../state/alerts-store.js';
import { createBroadcastStore } from '../state/broadcast-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createProfilesStore } from '../state/profiles-store.js';
import { createQuestionsStore } from '../state/questions-store.js';
import { createSettingsStore } from '../state/settings-store.js';
import { Ticks } from '../state/ticks.js';
import { LiveDestinations } from './live-destinations.js';

const usual: Settings = {
  ...{ cameraId: '', microphoneId: '', engine: 'webcodecs', language: 'en' },
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ destinationGroups: [], holdToStop: false, ...usualRecording },
  ...{ adaptBitrate: true, bitratePolicy: 'drop-slowest' },
};

function open(states: Readonly<Record<string, DestinationStatus['state']>>, holdToStop = false) {
  const finishOutput = vi.fn(() => Promise.resolve());
  const removeOutput = vi.fn(() => Promise.resolve());
  // The procedures that it does not use are left out.
  const client = { broadcast: { finishOutput, removeOutput } } as unknown as EngineClient;
  const alerts = createAlertsStore();
  const questions = createQuestionsStore();
  const settings = createSettingsStore(client, { ...usual, holdToStop }, alerts);
  const profiles = createProfilesStore(client, new Ticks(settings), alerts, questions, []);
  const broadcast = createBroadcastStore();
  const show = (now: typeof states): void =>
    broadcast.getState().receive({
      ...{ state: 'live', startedAt: 1, captureSteps: [] },
      outputs: Object.entries(now).map(([id, state]) => destination({ id, state })),
    });
  show(states);
  const parts = { client, alerts, broadcast, profiles, questions, settings };
  return { live: new LiveDestinations(parts), finishOutput, removeOutput, questions, show };
}

test('one is ended in order and stays, while another goes on', async () => {
  const { live, finishOutput, removeOutput } = open({ a: 'live', b: 'reconnecting' });
  await live.stop('a', 'A');
  expect(finishOutput).toHaveBeenCalledExactlyOnceWith({ id: 'a' });
  expect(removeOutput).not.toHaveBeenCalled();
});

test('the last one is not ended alone, nor the other while one is being ended', async () => {
  const last = open({ a: 'live', b: 'failed', c: 'stopped' });
  await last.live.stop('a', 'A');
  expect(last.finishOutput).not.toHaveBeenCalled();
  const { live, finishOutput } = open({ a: 'live', b: 'live' });
  await Promise.all([live.stop('a', 'A'), live.stop('b', 'B')]);
  expect(finishOutput).toHaveBeenCalledExactlyOnceWith({ id: 'a' });
});

test('where the broadcast is stopped by holding, it is asked first, and heeded what became of the others', async () => {
  const { live, finishOutput, questions, show } = open({ a: 'live', b: 'live' }, true);
  const called = live.stop('a', 'A');
  expect(questions.getState().question).toEqual({ type: 'stopOne', name: 'A' });
  questions.getState().answer('cancel');
  await called;
  expect(finishOutput).not.toHaveBeenCalled();
  const again = live.stop('a', 'A');
  show({ a: 'live', b: 'failed' });
  questions.getState().answer('stop');
  await again;
  expect(finishOutput).not.toHaveBeenCalled();
  show({ a: 'live', b: 'live' });
  const meant = live.stop('a', 'A');
  questions.getState().answer('stop');
  await meant;
  expect(finishOutput).toHaveBeenCalledExactlyOnceWith({ id: 'a' });
});

test('one that has failed is taken out, and counts no more', async () => {
  const { live, removeOutput } = open({ a: 'live', b: 'failed' });
  await live.leaveOut('b');
  expect(removeOutput).toHaveBeenCalledExactlyOnceWith({ id: 'b' });
});
