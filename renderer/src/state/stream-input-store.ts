import type { AppErrorInfo, StreamInput } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What others publish to this computer, as far as the window has asked. */
interface StreamInputState extends StreamInput {
  /** Why nobody can publish. */
  readonly error?: AppErrorInfo | undefined;
}

export type StreamInputStore = StoreApi<StreamInputState>;

export const createStreamInputStore = (): StreamInputStore =>
  createStore<StreamInputState>()(() => ({ isPublished: false }));
