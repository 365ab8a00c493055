import { withResolvers } from './with-resolvers.js';

/**
 * The value of `promise`, or `late` where it takes longer than `ms` milliseconds. The promise itself goes on; if it
 * rejects after that, the error is forgotten.
 *
 * @throws what `promise` rejects with in time.
 */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  const { promise: expiry, resolve } = withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), ms);
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Settles as `promise` does, or rejects with what `late` returns after `ms` milliseconds.
 *
 * @param discard is given a value that comes too late; an error that comes too late is forgotten.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  late: () => Error,
  discard?: (value: T) => void,
): Promise<T> {
  const { promise: expiry, reject } = withResolvers<never>();
  const timer = setTimeout(() => {
    if (discard !== undefined) promise.then(discard, () => undefined);
    reject(late());
  }, ms);
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
