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
