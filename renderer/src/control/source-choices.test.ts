import {
  noMicrophoneId,
  testBeepId,
  testPictureId,
  usualRecording,
  type Settings,
} from '@tallylight/contract';
import { beforeEach, expect, it } from 'vitest';
import { createAlertsStore } from '../state/alerts-store.js';
import { createDevicesStore } from '../state/devices-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createSettingsStore, type SettingsStore } from '../state/settings-store.js';
import { SourceChoices } from './source-choices.js';

const untouched: Settings = {
  ...{ cameraId: '', microphoneId: '', engine: 'webcodecs', destinationGroups: [] },
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ language: 'en', holdToStop: false, adaptBitrate: true, bitratePolicy: 'drop-slowest' },
  ...usualRecording,
};
const listed = {
  cameras: [{ id: 'c1', label: 'Webcam' }],
  microphones: [{ id: 'm1', label: 'Yeti' }],
};

let settings: SettingsStore;
let choices: SourceChoices;

beforeEach(async () => {
  const client = {
    settings: { update: () => Promise.resolve(untouched) },
    devices: { list: () => Promise.resolve({ cameras: [], microphones: [] }) },
    // Choosing needs nothing else.
  } as unknown as EngineClient;
  const alerts = createAlertsStore();
  settings = createSettingsStore(client, untouched, alerts);
  const media = { listMediaDevices: () => Promise.resolve(listed) };
  const devices = createDevicesStore(media, client, alerts);
  await devices.getState().refreshBrowser();
  choices = new SourceChoices(settings, devices);
});

it('keeps with their names the devices that were opened where nobody had chosen any', () => {
  choices.opened({ cameraId: 'c1', microphoneId: 'm1' });
  expect(settings.getState().settings).toMatchObject({
    ...{ cameraId: 'c1', cameraName: 'Webcam', microphoneId: 'm1', microphoneName: 'Yeti' },
  });
});

it('does not keep a test, or silence, that nobody has chosen', () => {
  choices.opened({ cameraId: testPictureId, microphoneId: testBeepId });
  choices.opened({ cameraId: testPictureId, microphoneId: noMicrophoneId });
  expect(settings.getState().settings).toEqual(untouched);
});

it('does not keep what was opened in place of a choice', () => {
  settings.getState().update({ cameraId: 'c9', cameraName: 'Capture card', microphoneId: 'm9' });
  choices.opened({ cameraId: 'c1', microphoneId: 'm1' });
  expect(settings.getState().settings).toMatchObject({ cameraId: 'c9', microphoneId: 'm9' });
});

it('keeps the name of what is chosen', () => {
  choices.camera('c1');
  choices.microphone('m1');
  expect(settings.getState().settings).toMatchObject({
    ...{ cameraName: 'Webcam', microphoneName: 'Yeti' },
  });
});
