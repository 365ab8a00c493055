import type { CameraMode, DeviceList } from '@tallylight/contract';
import { avfoundationCameraModes, listAvfoundationDevices } from './devices-avfoundation.js';
import { dshowCameraModes, listDshowDevices } from './devices-dshow.js';
import { linuxCameraModes, listLinuxDevices } from './devices-linux.js';
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

/** What a camera can do; empty where that is not told. */
export function cameraModes(ffmpeg: Ffmpeg, camera: string): Promise<CameraMode[]> {
  switch (process.platform) {
    case 'win32':
      return dshowCameraModes(ffmpeg, camera);
    case 'darwin':
      return avfoundationCameraModes(ffmpeg, camera);
    default:
      return linuxCameraModes(ffmpeg, camera);
  }
}
