import type { DeviceList, SystemInfo } from '@tallylight/contract';

export const fakeInfo: SystemInfo = {
  ...{ version: '0.1.0', shell: 'browser', platform: 'linux', notices: [] },
  ffmpeg: { found: true, origin: 'path', version: '5.1' },
  secrets: { type: 'key-file', why: { reason: 'no-secret-store' } },
};

/** What the fake ffmpeg finds. */
export const fakeDevices: DeviceList = {
  cameras: [{ id: '/dev/video0', label: 'Studio camera', modes: [] }],
  microphones: [{ id: 'hw:1,0', label: 'Yeti microphone' }],
};
