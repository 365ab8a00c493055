import type { AppErrorInfo, CheckInput, CheckSnapshot } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';

/** What is checked, without `publish`. */
type CheckedPlace = Omit<CheckInput, 'publish'>;

interface CheckState {
  /** Absent while no check is shown. */
  readonly shown: { readonly name: string; readonly place: CheckedPlace } | undefined;
  readonly snapshot: CheckSnapshot | undefined;
  /** Why there is no check at all. */
  readonly error: AppErrorInfo | undefined;
  readonly isRunning: boolean;
  /** It was ended before it had come to anything. */
  readonly isCancelled: boolean;
  /** The next one publishes. */
  readonly publish: boolean;
  readonly choosePublish: (publish: boolean) => void;
  /** Shows a check of that place, and begins it, without publishing. */
  readonly open: (name: string, place: CheckedPlace) => void;
  /** Checks anew. */
  readonly run: () => Promise<void>;
  /** Ends it at once. */
  readonly cancel: () => void;
  readonly close: () => void;
}

export type CheckStore = StoreApi<CheckState>;

const nothing = {
  ...{ shown: undefined, snapshot: undefined, error: undefined },
  ...{ isRunning: false, isCancelled: false, publish: false },
};

/** The one check that the window shows. */
export function createCheckStore(client: Pick<EngineClient, 'profiles'>): CheckStore {
  /** Of the check that runs. */
  let over = new AbortController();
  return createStore<CheckState>()((set, get) => ({
    ...nothing,
    choosePublish: (publish) => set({ publish }),
    open: (name, place) => {
      get().cancel();
      set({ ...nothing, shown: { name, place } });
      void get().run();
    },
    run: async () => {
      const { shown, publish, isRunning } = get();
      if (!shown || isRunning) return;
      const mine = new AbortController();
      over = mine;
      set({ isRunning: true, isCancelled: false, snapshot: undefined, error: undefined });
      try {
        const snapshots = await client.profiles.check({ ...shown.place, publish });
        const iterator = snapshots[Symbol.asyncIterator]();
        // The engine checks for as long as this is open.
        mine.signal.addEventListener('abort', () => void iterator.return?.());
        if (mine.signal.aborted) void iterator.return?.();
        for await (const snapshot of { [Symbol.asyncIterator]: () => iterator }) {
          if (mine.signal.aborted) break;
          set({ snapshot });
        }
      } catch (error) {
        if (!mine.signal.aborted) set({ error: toAppErrorInfo(error) });
      }
      if (!mine.signal.aborted) set({ isRunning: false });
    },
    cancel: () => {
      if (!get().isRunning) return;
      over.abort();
      set({ isRunning: false, isCancelled: true });
    },
    close: () => {
      get().cancel();
      set(nothing);
    },
  }));
}
