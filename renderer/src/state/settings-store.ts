import type { Settings } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';

interface SettingsState {
  readonly settings: Settings;
  /** Takes effect at once and is saved in the background; a failure to save is said, and the choice stays. */
  readonly update: (patch: Partial<Settings>) => void;
}

export type SettingsStore = StoreApi<SettingsState>;

export function createSettingsStore(
  client: EngineClient,
  initial: Settings,
  alerts: AlertsStore,
): SettingsStore {
  const save = async (patch: Partial<Settings>): Promise<void> => {
    try {
      await client.settings.update(patch);
      alerts.getState().dismiss('settings');
    } catch (error) {
      alerts.getState().show(alertFromError('settings', 'choiceNotSaved', toAppErrorInfo(error)));
    }
  };
  return createStore<SettingsState>()((set) => ({
    settings: initial,
    update: (patch) => {
      set(({ settings }) => ({ settings: { ...settings, ...patch } }));
      void save(patch);
    },
  }));
}
