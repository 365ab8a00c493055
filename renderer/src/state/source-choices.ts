import type { AudioInput, EngineKind, Settings, Source, VideoInput } from '@tallylight/contract';
import { noMicrophoneId, testBeepId, testPictureId } from '@tallylight/contract';
import type { CaptureOptions } from '../media/media-engine.js';
import {
  chooseCamera,
  effectiveSelection,
  noDevices,
  translateSelection,
  type Selection,
} from './device-selection.js';
import { deviceOwner, type DevicesState, type DevicesStore } from './devices-store.js';
import type { SettingsStore } from './settings-store.js';

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

/** What people choose from among the sources. */
export class SourceChoices {
  readonly #settings: SettingsStore;
  readonly #devices: DevicesStore;

  constructor(settings: SettingsStore, devices: DevicesStore) {
    this.#settings = settings;
    this.#devices = devices;
  }

  camera(cameraId: string): void {
    const { settings, update } = this.#settings.getState();
    const devices = this.#devices.getState();
    const { microphones } = devices[deviceOwner(settings.engine)] ?? noDevices;
    const current = currentSelection(settings, devices) ?? settings;
    update(chooseCamera(cameraId, current, microphones));
  }

  microphone(microphoneId: string): void {
    this.#settings.getState().update({ microphoneId });
  }

  /** Chooses the engine; the same devices stay chosen, under the ids that it knows them by. */
  async engine(engine: EngineKind): Promise<void> {
    const { settings, update } = this.#settings.getState();
    const from = deviceOwner(settings.engine);
    const to = deviceOwner(engine);
    const before = currentSelection(settings, this.#devices.getState());
    update({ engine });
    if (to === 'ffmpeg') await this.#devices.getState().refreshFfmpeg();
    if (from === to || !before) return;
    if (this.#settings.getState().settings.engine !== engine) return;
    const lists = this.#devices.getState();
    const translated = translateSelection(before, lists[from] ?? noDevices, lists[to] ?? noDevices);
    this.#settings.getState().update({
      cameraId: translated.cameraId ?? '',
      microphoneId: translated.microphoneId ?? '',
    });
  }
}
