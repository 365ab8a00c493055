import type { DeviceList } from '@tallylight/contract';
import { listAvfoundationDevices } from './devices-avfoundation.js';
import { listDshowDevices } from './devices-dshow.js';
import { listLinuxDevices } from './devices-linux.js';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';

export { listEncoders } from './list-encoders.js';

/** The cameras and microphones that this ffmpeg can open here; empty where there are none. */
export function listDevices(ffmpeg: Ffmpeg): Promise<DeviceList> {
  switch (process.platform) {
    case 'win32':
      return listDshowDevices(ffmpeg);
    case 'darwin':
      return listAvfoundationDevices(ffmpeg);
    default:
      return listLinuxDevices(ffmpeg);
  }
}
