import { usualRecording, type Settings } from '@tallylight/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Capture } from '../media/devices/capture.js';
import type { ExpectedEngine } from '../media/media-engine.js';
import { createAlertsStore } from '../state/alerts-store.js';
import { createBroadcastStore, type BroadcastStore } from '../state/broadcast-store.js';
import { createDevicesStore } from '../state/devices-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createSettingsStore, type SettingsStore } from '../state/settings-store.js';
import type { CaptureState } from './capture-controller.js';
import { prepareEncoders } from './prepare-encoders.js';

const chosen: Settings = {
  ...{ cameraId: 'c1', microphoneId: 'm1', engine: 'webcodecs', destinationGroups: [] },
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ language: 'en', holdToStop: false, adaptBitrate: true, bitratePolicy: 'drop-slowest' },
  ...usualRecording,
};

let settings: SettingsStore;
let broadcast: BroadcastStore;
let store: StoreApi<CaptureState>;
let prepared: (ExpectedEngine | undefined)[];

beforeEach(async () => {
  vi.useFakeTimers();
  const client = {
    settings: { update: (patch: Partial<Settings>) => Promise.resolve({ ...chosen, ...patch }) },
    devices: { list: () => Promise.resolve({ cameras: [], microphones: [] }) },
    // Choosing needs nothing else.
  } as unknown as EngineClient;
  const listed = {
    cameras: [{ id: 'c1', label: 'Webcam' }],
    microphones: [{ id: 'm1', label: 'Yeti' }],
  };
  const alerts = createAlertsStore();
  settings = createSettingsStore(client, chosen, alerts);
  const media = { listMediaDevices: () => Promise.resolve(listed) };
  const devices = createDevicesStore(media, client, alerts);
  await devices.getState().refreshBrowser();
  broadcast = createBroadcastStore();
  store = createStore<CaptureState>()(() => ({ type: 'closed' }));
  prepared = [];
  prepareEncoders(
    // Of the capture only what is open matters.
    { settings, devices, broadcast, capture: { store } },
    { prepareEngine: (expected) => prepared.push(expected) },
  );
});
afterEach(() => void vi.useRealTimers());

function openCamera(): Capture {
  const capture = { cameraLabel: 'Webcam' } as Capture;
  store.setState({ type: 'open', capture, options: {} as never }, true);
  return capture;
}

it('gets ready once what is chosen has stayed for a second', () => {
  const capture = openCamera();
  vi.advanceTimersByTime(900);
  settings.getState().update({ videoBitrate: 3_000_000 });
  vi.advanceTimersByTime(900);
  expect(prepared).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(prepared).toMatchObject([
    { kind: 'webcodecs', capture, options: { videoBitrate: 3_000_000, width: 1280 } },
  ]);
  vi.advanceTimersByTime(60_000);
  expect(prepared).toHaveLength(1);
});

it('gives up what is no longer going to be encoded here', () => {
  openCamera();
  vi.advanceTimersByTime(1_000);
  store.setState({ type: 'closed' }, true);
  vi.advanceTimersByTime(1_000);
  expect(prepared.at(-1)).toBeUndefined();
  openCamera();
  settings.getState().update({ engine: 'ffmpeg' });
  vi.advanceTimersByTime(1_000);
  expect(prepared).toHaveLength(3);
  expect(prepared.at(-1)).toBeUndefined();
});

it('leaves what is ready to the click, does nothing on air, and gets ready again after it', () => {
  openCamera();
  vi.advanceTimersByTime(1_000);
  broadcast.getState().setPending('start');
  vi.advanceTimersByTime(10_000);
  expect(prepared).toHaveLength(1);
  // A click that is quicker finds nothing, and nothing comes in its way.
  broadcast.getState().setPending('none');
  vi.advanceTimersByTime(500);
  broadcast.getState().setPending('start');
  vi.advanceTimersByTime(10_000);
  expect(prepared).toHaveLength(1);
  broadcast.getState().setPending('none');
  vi.advanceTimersByTime(1_000);
  expect(prepared).toHaveLength(2);
  expect(prepared[1]).toEqual(prepared[0]);
});
