import type { AppErrorInfo } from '@tallylight/contract';
import type { windowCatalog } from '@tallylight/messages/window';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type AlertTitle = keyof (typeof windowCatalog)['en']['window']['alerts'];

/** An error that people should see, until it is dismissed or no longer true. */
export interface Alert {
  /** What it is about; a newer alert about the same thing replaces the older. */
  readonly topic:
    | 'connection'
    | 'broadcast'
    | 'destinations'
    | 'bitrate'
    | 'devices'
    | 'profile'
    | 'profile-deleted'
    | 'settings'
    | 'files'
    | 'recording'
    | `recording-${string}`
    | `notice-${number}`;
  /** Its title among the window's messages. */
  readonly title: AlertTitle;
  readonly error: AppErrorInfo;
  /** It is shown beside the field that it is about, and only spoken here. */
  readonly isBesideField?: boolean;
  /** What it tells of, where that may be told again: what was closed once is not shown again. */
  readonly cause?: string;
}

/** What was closed, for as long as this page is looked at, reloads included. */
export interface ClosedAlerts {
  has(cause: string): boolean;
  add(cause: string): void;
}

interface AlertsState {
  readonly alerts: readonly Alert[];
  readonly show: (alert: Alert) => void;
  /** It is not true any more. */
  readonly dismiss: (topic: Alert['topic']) => void;
  /** The user has read it. */
  readonly close: (topic: Alert['topic']) => void;
}

export type AlertsStore = StoreApi<AlertsState>;

export function createAlertsStore(closed: ClosedAlerts = new Set<string>()): AlertsStore {
  return createStore<AlertsState>()((set, get) => ({
    alerts: [],
    show: (alert) => {
      if (alert.cause !== undefined && closed.has(alert.cause)) return;
      // An engine goes once, and what it took with it was said then.
      if (alert.topic === 'connection' && get().alerts.some(isOfConnection)) return;
      set(({ alerts }) => ({
        alerts: [...alerts.filter(({ topic }) => topic !== alert.topic), alert],
      }));
    },
    dismiss: (topic) =>
      set(({ alerts }) => ({ alerts: alerts.filter((alert) => alert.topic !== topic) })),
    close: (topic) => {
      for (const { topic: other, cause } of get().alerts) {
        if (other === topic && cause !== undefined) closed.add(cause);
      }
      get().dismiss(topic);
    },
  }));
}

const isOfConnection = ({ topic }: Alert): boolean => topic === 'connection';

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
