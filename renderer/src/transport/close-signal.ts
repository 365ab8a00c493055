export interface CloseSignal {
  /** Tells every listener, the first time it is called. */
  readonly close: () => void;
  /** Calls `listener` once, at the close, also when that has been already. Returns how to stop listening. */
  readonly onClosed: (listener: () => void) => () => void;
}

export function closeSignal(): CloseSignal {
  const listeners = new Set<() => void>();
  let closed = false;
  return {
    close: () => {
      if (closed) return;
      closed = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
    onClosed: (listener) => {
      if (closed) queueMicrotask(listener);
      else listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
