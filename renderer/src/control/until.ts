import { within, withResolvers } from 'node-rtmp-client/async';
import type { StoreApi } from 'zustand/vanilla';

/** Resolves with true when `condition` holds, with false when it does not within `milliseconds`. */
export async function until<T>(
  store: StoreApi<T>,
  condition: (state: T) => boolean,
  milliseconds: number,
): Promise<boolean> {
  if (condition(store.getState())) return true;
  const { promise, resolve } = withResolvers<true>();
  const unsubscribe = store.subscribe((state) => {
    if (condition(state)) resolve(true);
  });
  try {
    return (await within(promise, milliseconds)) === true;
  } finally {
    unsubscribe();
  }
}
