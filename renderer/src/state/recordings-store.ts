import type { RecordingsSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';

interface RecordingsState {
  /** Absent until the engine has told it. */
  readonly snapshot: RecordingsSnapshot | undefined;
  /** Something was asked of the recording that is not answered yet. */
  readonly isBusy: boolean;
  /** The replay that was saved just now. */
  readonly saved: { readonly name: string; readonly durationMs: number } | undefined;
  readonly receive: (snapshot: RecordingsSnapshot) => void;
}

export type RecordingsStore = StoreApi<RecordingsState>;

export const createRecordingsStore = (): RecordingsStore =>
  createStore<RecordingsState>()((set) => ({
    ...{ snapshot: undefined, isBusy: false, saved: undefined },
    receive: (snapshot) => set({ snapshot }),
  }));
