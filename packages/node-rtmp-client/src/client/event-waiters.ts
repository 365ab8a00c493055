import { unlessAborted } from '../async/abort.js';
import { withResolvers } from '../async/with-resolvers.js';
import type { ClientSessionEvent } from '../session/client-event.js';
import { abortedByCaller, type RtmpError, type RtmpPhase } from '../session/rtmp-error.js';

type Done = (events: readonly ClientSessionEvent[]) => boolean;

interface Waiter {
  readonly done: Done;
  readonly resolve: () => void;
  readonly reject: (error: RtmpError) => void;
}

/** Those who wait for something that a session will tell. */
export class EventWaiters {
  readonly #waiters = new Set<Waiter>();

  /**
   * Resolves once `done` says so of the events that arrived.
   *
   * @param phase of the error when `signal` is aborted.
   * @throws RtmpError 'aborted', or what `fail` is given.
   */
  async wait(done: Done, phase: RtmpPhase, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = withResolvers();
    const waiter: Waiter = { done, resolve, reject };
    this.#waiters.add(waiter);
    try {
      await unlessAborted(promise, signal, () => abortedByCaller(phase));
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  tell(events: readonly ClientSessionEvent[]): void {
    // Media comes often, and mostly nobody waits.
    if (this.#waiters.size === 0) return;
    for (const waiter of [...this.#waiters]) {
      if (!waiter.done(events)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  fail(error: RtmpError): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.reject(error);
  }
}
