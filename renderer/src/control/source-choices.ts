import { testPictureId, type EngineKind } from '@tallylight/contract';
import {
  chooseCamera,
  noDevices,
  translateSelection,
  type Device,
  type Selection,
} from '../state/device-selection.js';
import { deviceOwner, type DevicesStore } from '../state/devices-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import { currentSelection, deviceName } from '../state/source-selection.js';

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
    const { settings } = this.#settings.getState();
    const devices = this.#devices.getState();
    const { microphones } = devices[deviceOwner(settings.engine)] ?? noDevices;
    const current = currentSelection(settings, devices) ?? settings;
    if (cameraId === testPictureId && current.cameraId !== testPictureId) {
      this.#beforeBeep = current.microphoneId;
    }
    this.#choose(chooseCamera(cameraId, current, microphones, this.#beforeBeep));
  }

  microphone(microphoneId: string): void {
    this.#beforeBeep = undefined;
    const { cameraId } = this.#settings.getState().settings;
    this.#choose({ cameraId, microphoneId });
  }

  /**
   * Keeps what was taken because nobody had chosen: where it cannot be used the next time, that is said, as of what was
   * chosen, and nothing else is taken in its place.
   */
  opened({ cameraId, microphoneId }: Selection): void {
    const { settings } = this.#settings.getState();
    const lists = this.#devices.getState()[deviceOwner(settings.engine)] ?? noDevices;
    const isNews = (
      chosen: string,
      name: string | undefined,
      taken: string,
      devices: readonly Device[],
    ): boolean => {
      const label = devices.find(({ id }) => id === taken)?.label;
      return label !== undefined && (chosen === '' || (chosen === taken && name !== label));
    };
    const { cameras, microphones } = lists;
    const isCamera = isNews(settings.cameraId, settings.cameraName, cameraId, cameras);
    const { microphoneId: chosenMicrophone, microphoneName } = settings;
    const isMicrophone = isNews(chosenMicrophone, microphoneName, microphoneId, microphones);
    if (!isCamera && !isMicrophone) return;
    this.#choose({
      cameraId: isCamera ? cameraId : settings.cameraId,
      microphoneId: isMicrophone ? microphoneId : settings.microphoneId,
    });
  }

  #choose(chosen: Selection): void {
    const { settings, update } = this.#settings.getState();
    const devices = this.#devices.getState();
    update({
      ...chosen,
      cameraName: deviceName(chosen.cameraId, settings, devices) ?? '',
      microphoneName: deviceName(chosen.microphoneId, settings, devices) ?? '',
    });
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
    this.#choose(translated);
  }
}
