import { withResolvers } from './with-resolvers.js';

/** Waits `ms` milliseconds. Ends early when `signal` is aborted, and resolves with false then. */
export function wait(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted === true) return Promise.resolve(false);
  const { promise, resolve } = withResolvers<boolean>();
  const onAbort = (): void => {
    clearTimeout(timer);
    resolve(false);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', onAbort);
    resolve(true);
  }, ms);
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}

/**
 * Resolves when `signal` is aborted; until then the signal keeps what waits for it. Not to be called again and again with
 * a signal that lives long: listen to that once.
 */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * Settles as `promise` does, or rejects with what `reason` returns once `signal` is aborted. The promise itself goes
 * on; an error that comes after that is forgotten.
 */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  reason: () => Error,
): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: abortion, reject } = withResolvers<never>();
  const onAbort = (): void => reject(reason());
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([abortion, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * A signal that is aborted when any of `signals` is, and after `limitMs` milliseconds. It keeps no process alive.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout` in it: Node 20 forgets such a timeout when it collects garbage.
 */
export function signalWithin(limitMs: number, ...signals: readonly AbortSignal[]): AbortSignal {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), limitMs).unref();
  return AbortSignal.any([...signals, limit.signal]);
}
