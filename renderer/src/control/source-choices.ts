import { testPictureId, type EngineKind } from '@tallylight/contract';
import { chooseCamera, noDevices, translateSelection } from '../state/device-selection.js';
import { deviceOwner, type DevicesStore } from '../state/devices-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import { currentSelection } from '../state/source-selection.js';

/** What people choose from among the sources. */
export class SourceChoices {
  readonly #settings: SettingsStore;
  readonly #devices: DevicesStore;
  /** The microphone whose place the test picture's beep has taken. */
  #beforeBeep: string | undefined;

  constructor(settings: SettingsStore, devices: DevicesStore) {
    this.#settings = settings;
    this.#devices = devices;
  }

  camera(cameraId: string): void {
    const { settings, update } = this.#settings.getState();
    const devices = this.#devices.getState();
    const { microphones } = devices[deviceOwner(settings.engine)] ?? noDevices;
    const current = currentSelection(settings, devices) ?? settings;
    if (cameraId === testPictureId && current.cameraId !== testPictureId) {
      this.#beforeBeep = current.microphoneId;
    }
    update(chooseCamera(cameraId, current, microphones, this.#beforeBeep));
  }

  microphone(microphoneId: string): void {
    this.#beforeBeep = undefined;
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
    this.#settings.getState().update(translated);
  }
}
