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
  async wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    this.#waiting ??= withResolvers();
    const { promise } = this.#waiting;
    if (signal === undefined) {
      await promise;
      return;
    }
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
