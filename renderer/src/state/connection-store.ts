import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ConnectionState {
  /** The engine is gone; only a restart helps. */
  readonly lost: boolean;
}

export type ConnectionStore = StoreApi<ConnectionState>;

export const createConnectionStore = (): ConnectionStore =>
  createStore<ConnectionState>()(() => ({ lost: false }));
