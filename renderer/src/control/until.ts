import type { StoreApi } from 'zustand/vanilla';

/** Resolves with true when `condition` holds, with false when it does not within `milliseconds`. */
export function until<T>(
  store: StoreApi<T>,
  condition: (state: T) => boolean,
  milliseconds: number,
): Promise<boolean> {
  if (condition(store.getState())) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (held: boolean): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(held);
    };
    const timer = setTimeout(() => finish(false), milliseconds);
    const unsubscribe = store.subscribe((state) => {
      if (condition(state)) finish(true);
    });
  });
}
