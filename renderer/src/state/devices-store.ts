import {
  noMicrophoneId,
  testBeepId,
  testPictureId,
  type AppErrorInfo,
  type CameraMode,
  type DeviceList,
  type EngineKind,
} from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MediaDeviceList } from '../media/devices/media-devices.js';
import type { PictureSize } from '../media/media-engine.js';
import { alertFromError, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import { noDevices, type Device, type DeviceLists } from './device-selection.js';
import type { EngineClient } from './engine-client.js';

export interface DevicesState {
  /** What the browser can open; absent until it has answered. */
  readonly browser: DeviceLists | undefined;
  /** What ffmpeg can open; absent until it was asked and has answered. */
  readonly ffmpeg: DeviceLists | undefined;
  readonly refreshBrowser: () => Promise<void>;
  readonly refreshFfmpeg: () => Promise<void>;
}

/** Who knows what the browser can open. */
interface BrowserDevices {
  listMediaDevices(): Promise<MediaDeviceList>;
}

export type DevicesStore = StoreApi<DevicesState>;

/** Where the devices of `engine` are listed: it is the browser that opens them, or ffmpeg. */
export const deviceOwner = (engine: EngineKind): 'browser' | 'ffmpeg' =>
  engine === 'ffmpeg' ? 'ffmpeg' : 'browser';

const reserved = new Set<string>([testPictureId, testBeepId, noMicrophoneId]);
const real = (devices: readonly Device[]): Device[] =>
  devices.filter((device) => !reserved.has(device.id));

interface DeviceAnswer extends Pick<DeviceLists, 'cameras' | 'microphones'> {
  /** Why real devices are missing from the list. */
  readonly denied?: AppErrorInfo;
}

const withLargest = ({ cameras, microphones }: DeviceList): DeviceAnswer => ({
  cameras: cameras.map(({ id, label, modes }) => ({ id, label, largest: largestOf(modes) })),
  microphones,
});

/** What has most pixels, where the modes are known. */
const largestOf = (modes: readonly CameraMode[]): PictureSize | undefined =>
  modes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];

export function createDevicesStore(
  media: BrowserDevices,
  client: EngineClient,
  alerts: AlertsStore,
): DevicesStore {
  return createStore<DevicesState>()((set, get) => {
    const fail = (error: AppErrorInfo): void =>
      alerts.getState().show(alertFromError('devices', 'devices', error));
    const refresh = async (
      owner: 'browser' | 'ffmpeg',
      list: () => Promise<DeviceAnswer>,
    ): Promise<void> => {
      const before = get()[owner]?.known ?? [];
      try {
        const answer = await list();
        const cameras = real(answer.cameras);
        const microphones = real(answer.microphones);
        const seen = [...cameras, ...microphones].map(({ id, label }) => [id, label] as const);
        set({ [owner]: { cameras, microphones, known: new Map([...before, ...seen]) } });
        if (answer.denied) fail(answer.denied);
        else alerts.getState().dismiss('devices');
      } catch (error) {
        set({ [owner]: { ...noDevices, known: new Map(before) } });
        fail(toAppErrorInfo(error));
      }
    };
    return {
      browser: undefined,
      ffmpeg: undefined,
      refreshBrowser: () => refresh('browser', () => media.listMediaDevices()),
      refreshFfmpeg: () => refresh('ffmpeg', async () => withLargest(await client.devices.list())),
    };
  });
}
