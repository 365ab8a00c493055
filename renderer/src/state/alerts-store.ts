import type { AppErrorInfo } from '@tallylight/contract';
import type { windowCatalog } from '@tallylight/messages/window';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type AlertTitle = keyof (typeof windowCatalog)['en']['window']['alerts'];

/** An error that people should see, until it is dismissed or no longer true. */
export interface Alert {
  /** What it is about; a newer alert about the same thing replaces the older. */
  readonly topic:
    'connection' | 'broadcast' | 'devices' | 'profile' | 'settings' | `notice-${number}`;
  /** Its title among the window's messages. */
  readonly title: AlertTitle;
  readonly error: AppErrorInfo;
  /** It is shown beside the field that it is about, and only spoken here. */
  readonly isBesideField?: boolean;
}

interface AlertsState {
  readonly alerts: readonly Alert[];
  readonly show: (alert: Alert) => void;
  readonly dismiss: (topic: Alert['topic']) => void;
}

export type AlertsStore = StoreApi<AlertsState>;

export function createAlertsStore(): AlertsStore {
  return createStore<AlertsState>()((set) => ({
    alerts: [],
    show: (alert) =>
      set(({ alerts }) => ({
        alerts: [...alerts.filter(({ topic }) => topic !== alert.topic), alert],
      })),
    dismiss: (topic) =>
      set(({ alerts }) => ({ alerts: alerts.filter((alert) => alert.topic !== topic) })),
  }));
}

/** The alert about `error`. Whatever else an engine that is gone keeps from being done, it is gone, and once is enough. */
export function alertFromError(
  topic: Alert['topic'],
  title: AlertTitle,
  error: AppErrorInfo,
): Alert {
  return error.code === 'ENGINE_GONE'
    ? { topic: 'connection', title: 'engineGone', error }
    : { topic, title, error };
}
