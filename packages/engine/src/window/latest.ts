/**
 * Yields the current value at once, then the newest one whenever it has changed. What changed while the reader was busy
 * is skipped, so a slow reader costs no memory. Ends when `signal` is aborted, with what changed before that.
 */
export async function* latest<T>(
  current: () => T | Promise<T>,
  subscribe: (onChange: () => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  let changed = !signal.aborted;
  let wake: () => void = () => undefined;
  const notice = (): void => {
    changed = true;
    wake();
  };
  const onAbort = (): void => wake();
  const unsubscribe = subscribe(notice);
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      if (changed) {
        changed = false;
        yield await current();
      } else if (signal.aborted) {
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
