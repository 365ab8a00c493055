import { describeError } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { createAlertsStore } from './alerts-store.js';
import { createDevicesStore } from './devices-store.js';
import type { EngineClient } from './engine-client.js';

it('says why there are no cameras when access is denied, until it is granted', async () => {
  let denied = true;
  const refusal = describeError('CAMERA_DENIED', { device: 'camera' });
  const listMediaDevices = () =>
    Promise.resolve({ cameras: [], microphones: [], ...(denied && { denied: refusal }) });
  const alerts = createAlertsStore();
  const devices = createDevicesStore(
    // Only the browser is asked here.
    { listMediaDevices },
    {} as EngineClient,
    alerts,
  );
  await devices.getState().refreshBrowser();
  expect(alerts.getState().alerts).toMatchObject([
    { topic: 'devices', error: { code: 'CAMERA_DENIED' } },
  ]);
  denied = false;
  await devices.getState().refreshBrowser();
  expect(alerts.getState().alerts).toEqual([]);
});

it('knows the largest picture of a camera that ffmpeg opens', async () => {
  const mode = (width: number, height: number) => ({ width, height, format: 'mjpeg' });
  const modes = [mode(320, 240), mode(1280, 720), mode(640, 480)];
  const cameras = [
    { id: '/dev/video0', label: 'Webcam', modes },
    { id: '/dev/video2', label: 'Stepwise', modes: [] },
  ];
  const list = () => Promise.resolve({ cameras, microphones: [] });
  const devices = createDevicesStore(
    { listMediaDevices: () => Promise.reject(new Error('not asked')) },
    { devices: { list } } as unknown as EngineClient,
    createAlertsStore(),
  );
  await devices.getState().refreshFfmpeg();
  const [webcam, stepwise] = devices.getState().ffmpeg?.cameras ?? [];
  expect(webcam?.largest).toMatchObject({ width: 1280, height: 720 });
  expect(stepwise?.largest).toBeUndefined();
});
