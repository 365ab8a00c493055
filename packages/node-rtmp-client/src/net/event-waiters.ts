import type { ClientSessionEvent } from '../session/client-event.js';
import { RtmpError, type RtmpPhase } from '../session/rtmp-error.js';

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
  wait(done: Done, phase: RtmpPhase, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiter.reject(new RtmpError('aborted', phase, 'aborted by the caller'));
      };
      const forget = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        done,
        resolve: () => {
          forget();
          resolve();
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  tell(events: readonly ClientSessionEvent[]): void {
    // Media comes often, and mostly nobody waits.
    if (this.#waiters.size === 0) return;
    for (const waiter of [...this.#waiters]) if (waiter.done(events)) waiter.resolve();
  }

  fail(error: RtmpError): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}
