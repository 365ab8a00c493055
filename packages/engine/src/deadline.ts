import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms` milliseconds. Ends early when `signal` is aborted, and says false then. */
export async function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** The value of `promise`, or `late` when it takes longer than `ms` milliseconds. The promise itself goes on. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when `signal` is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
