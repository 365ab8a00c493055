import {
  noMicrophoneId,
  serviceWarnings,
  streamChoiceOf,
  type AppErrorInfo,
  type ServicePlace,
  type Settings,
  type StreamSettings,
} from '@tallylight/contract';
import { areFilesChosen, keyframeInterval } from './source-selection.js';

/** What would go out; `undefined` where it is sent as others made it. */
function streamSettingsOf(settings: Settings): StreamSettings | undefined {
  if (streamChoiceOf(settings.cameraId)) return undefined;
  const { width, height, fps, videoBitrate, audioBitrate, microphoneId } = settings;
  const hasSound = areFilesChosen(settings) || microphoneId !== noMicrophoneId;
  return { width, height, fps, videoBitrate, audioBitrate, keyframeInterval, hasSound };
}

/** What the service at a destination would not like of that. */
export const serviceNotes = (place: ServicePlace, settings: Settings): readonly AppErrorInfo[] =>
  serviceWarnings(place, streamSettingsOf(settings));
