import { withResolvers, type PromiseWithResolvers } from './with-resolvers.js';

/**
 * Wakes those who wait for a change; a condition variable. Keeps nothing: check the condition, then wait, in a loop.
 *
 * ```ts
 * while (queue.length === 0) await changed.wait();
 * ```
 */
export class Notifier {
  #waiting: PromiseWithResolvers | undefined;

  /** Resolves at the next `notify`, or when `signal` is aborted. */
  wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    this.#waiting ??= withResolvers();
    const { promise } = this.#waiting;
    return signal === undefined ? promise : this.#waitUntil(promise, signal);
  }

  async #waitUntil(promise: Promise<void>, signal: AbortSignal): Promise<void> {
    const { promise: woken, resolve } = withResolvers();
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort);
    void promise.then(resolve);
    await woken;
    signal.removeEventListener('abort', onAbort);
  }

  /** Wakes everybody who waits. */
  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }
}
