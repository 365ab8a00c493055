import type { AppErrorInfo, MonitorSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PlaybackDelay } from '../media/monitor/playback-gauge.js';
import type { PlaybackVerdict } from '../media/monitor/playback-verdict.js';

export interface MonitorState {
  /** The destination of which it is shown what viewers get; none while that is off. */
  readonly outputId: string | undefined;
  /** Absent until the engine has told. */
  readonly snapshot: MonitorSnapshot | undefined;
  /** Why the engine does not pull it back at all. */
  readonly error: AppErrorInfo | undefined;
  readonly delay: PlaybackDelay;
  /** In milliseconds since the epoch. */
  readonly verdict: PlaybackVerdict;
}

export type MonitorStore = StoreApi<MonitorState>;

export const monitorOff: MonitorState = {
  ...{ outputId: undefined, snapshot: undefined, error: undefined },
  delay: { type: 'measuring' },
  verdict: {},
};

export const createMonitorStore = (): MonitorStore => createStore<MonitorState>()(() => monitorOff);
