import {
  describeError,
  fileListId,
  noMicrophoneId,
  reason,
  streamChoiceOf,
  testBeepId,
  testPictureId,
  type AppErrorInfo,
  type AudioInput,
  type Settings,
  type Source,
  type VideoInput,
  type Wording,
} from '@tallylight/contract';
import type { CaptureOptions } from '../media/media-engine.js';
import {
  effectiveSelection,
  noDevices,
  translateSelection,
  isListed,
  type DeviceLists,
  type Selection,
} from './device-selection.js';
import { deviceOwner, type DevicesState } from './devices-store.js';

/** Seconds between keyframes: what every service asks for. */
export const keyframeInterval = 2;

type Lists = Pick<DevicesState, 'browser' | 'ffmpeg'>;

/**
 * What the engine in use can open; `undefined` while that is not known. What only another engine can open is known, too:
 * after a change of the engine it stays chosen until somebody chooses another.
 */
export function deviceLists(settings: Settings, devices: Lists): DeviceLists | undefined {
  const lists = devices[deviceOwner(settings.engine)];
  const known = [...(devices.browser?.known ?? []), ...(devices.ffmpeg?.known ?? [])];
  return lists && { ...lists, known: new Map(known) };
}

/** Whether a stream is chosen that others publish: it brings its own sound, and nothing is captured or encoded. */
export const isStreamChosen = ({ cameraId }: Settings): boolean =>
  streamChoiceOf(cameraId) !== undefined;

/** Whether the list of files is chosen, which has its own sound. */
export const areFilesChosen = ({ cameraId }: Settings): boolean => cameraId === fileListId;

/** Whether what is chosen is no device. */
export const isNoDevice = (settings: Settings): boolean =>
  isStreamChosen(settings) || areFilesChosen(settings);

/** Whether the bitrate of the picture cannot change on air: of files and MediaRecorder, and of a camera that ffmpeg has. */
export const hasFixedBitrate = (settings: Settings): boolean =>
  areFilesChosen(settings) ||
  settings.engine === 'mediarecorder' ||
  (settings.engine === 'ffmpeg' && settings.cameraId !== testPictureId);

/** The camera and microphone in use; `undefined` while it is not known what there is. */
export function currentSelection(settings: Settings, devices: Lists): Selection | undefined {
  // It is no device.
  if (isNoDevice(settings)) return settings;
  const lists = deviceLists(settings, devices);
  return lists && effectiveSelection(settings, lists);
}

/** What the device `id` is called, also where it is not there; `undefined` where nobody has ever heard. */
export function deviceName(id: string, settings: Settings, devices: Lists): string | undefined {
  const name = ((): string | undefined => {
    if (id === settings.cameraId) return settings.cameraName;
    return id === settings.microphoneId ? settings.microphoneName : undefined;
  })();
  return deviceLists(settings, devices)?.known.get(id) ?? (name === '' ? undefined : name);
}

/** Why a chosen device of the engine in use cannot be opened: it is not there; `undefined` where all are. */
export function missingDevice(settings: Settings, devices: Lists): AppErrorInfo | undefined {
  const lists = deviceLists(settings, devices);
  if (!lists || isNoDevice(settings)) return undefined;
  const { cameraId, microphoneId } = effectiveSelection(settings, lists);
  const device = (id: string): Wording =>
    deviceName(id, settings, devices) ?? reason('chosen-device');
  if (!isListed(lists.cameras, cameraId)) {
    return describeError('CAMERA_NOT_FOUND', { device: device(cameraId) }, 'camera');
  }
  if (!isListed(lists.microphones, microphoneId)) {
    const data = { device: device(microphoneId), reason: reason('not-found') };
    return describeError('MICROPHONE_FAILED', data, 'camera');
  }
  return undefined;
}

/** What the preview opens; `undefined` where it is no device, and where the browser cannot open what ffmpeg will. */
export function captureOptions(settings: Settings, devices: Lists): CaptureOptions | undefined {
  const selection = currentSelection(settings, devices);
  if (!selection || isNoDevice(settings)) return undefined;
  const { width, height, fps, videoBitrate, audioBitrate } = settings;
  const common = {
    ...{ width, height, fps, videoBitrate, audioBitrate, keyframeInterval },
    cameraName: deviceName(selection.cameraId, settings, devices),
    microphoneName: deviceName(selection.microphoneId, settings, devices),
  };
  if (settings.engine !== 'ffmpeg') return { ...common, ...selection };
  const { cameraId, microphoneId } = translateSelection(
    selection,
    devices.ffmpeg ?? noDevices,
    devices.browser ?? noDevices,
  );
  const { cameras, microphones } = devices.browser ?? noDevices;
  if (!isListed(cameras, cameraId)) return undefined;
  return {
    ...common,
    cameraId,
    microphoneId: isListed(microphones, microphoneId) ? microphoneId : noMicrophoneId,
  };
}

/** The source of a broadcast by ffmpeg. */
export function ffmpegSource({ cameraId, microphoneId }: Selection): Source {
  const video: VideoInput =
    cameraId === testPictureId ? { type: 'test' } : { type: 'camera', id: cameraId };
  const audio = ((): AudioInput => {
    if (microphoneId === testBeepId) return { type: 'test' };
    if (microphoneId === noMicrophoneId) return { type: 'none' };
    return { type: 'microphone', id: microphoneId };
  })();
  return { type: 'ffmpeg', video, audio };
}
