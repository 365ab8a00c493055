import type { StreamInput } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** The chosen stream of others, as far as the window has asked. */
export type StreamInputStore = StoreApi<StreamInput>;

export const createStreamInputStore = (): StreamInputStore =>
  createStore<StreamInput>()(() => ({ isPublished: false }));
