import type { AudioInput, Settings, Source, VideoInput } from '@tallylight/contract';
import { noMicrophoneId, testBeepId, testPictureId } from '@tallylight/contract';
import type { CaptureOptions } from '../media/media-engine.js';
import {
  effectiveSelection,
  noDevices,
  translateSelection,
  type Selection,
} from './device-selection.js';
import { deviceOwner, type DevicesState } from './devices-store.js';

/** Seconds between keyframes: what every service asks for. */
export const keyframeInterval = 2;

type Lists = Pick<DevicesState, 'browser' | 'ffmpeg'>;

/** The camera and microphone in use; `undefined` while it is not known what there is. */
export function currentSelection(settings: Settings, devices: Lists): Selection | undefined {
  const lists = devices[deviceOwner(settings.engine)];
  return lists && effectiveSelection(settings, lists);
}

/** What the preview opens; `undefined` where the browser cannot open what ffmpeg will. */
export function captureOptions(settings: Settings, devices: Lists): CaptureOptions | undefined {
  const selection = currentSelection(settings, devices);
  if (!selection) return undefined;
  const { width, height, fps, videoBitrate, audioBitrate } = settings;
  const common = { width, height, fps, videoBitrate, audioBitrate, keyframeInterval };
  if (settings.engine !== 'ffmpeg') return { ...common, ...selection };
  const { cameraId, microphoneId } = translateSelection(
    selection,
    devices.ffmpeg ?? noDevices,
    devices.browser ?? noDevices,
  );
  if (cameraId === undefined) return undefined;
  return { ...common, cameraId, microphoneId: microphoneId ?? noMicrophoneId };
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
