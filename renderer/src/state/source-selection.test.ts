import { noMicrophoneId, type Settings } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { noDevices } from './device-selection.js';
import { wantedBitrate } from './source-selection.js';

it('counts no sound among what was asked for where there is none', () => {
  const settings: Settings = {
    ...{ cameraId: 'c1', microphoneId: 'm1', engine: 'webcodecs', profileId: '' },
    ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
    ...{ language: 'en', holdToStop: false },
  };
  const lists = {
    ...{ cameras: [{ id: 'c1', label: 'Camera' }], microphones: [{ id: 'm1', label: 'Yeti' }] },
    known: noDevices.known,
  };
  const devices = { browser: lists, ffmpeg: undefined };
  expect(wantedBitrate(settings, devices)).toBe(2_628_000);
  expect(wantedBitrate({ ...settings, microphoneId: noMicrophoneId }, devices)).toBe(2_500_000);
});
