import { describeError } from '@tallylight/contract';

/** What an engine that does not answer is reported as. */
export const engineSilent = (): Error =>
  Object.assign(new Error('no answer'), { info: describeError('ENGINE_GONE') });

/**
 * Settles as `promise` does, or rejects with what `late` returns after `milliseconds`. A value that comes too late goes
 * to `discard`; a rejection that comes too late is forgotten.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  milliseconds: number,
  late: () => Error,
  discard: (value: T) => void = () => undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      promise.then(discard, () => undefined);
      reject(late());
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
