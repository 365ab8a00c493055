import { wait } from 'node-rtmp-client/async';

const firstRetryMs = 250;
const lastRetryMs = 4000;

/**
 * Feeds every value to `receive` until `signal` is aborted; a subscription that breaks is made again. It is not given the
 * signal: that is aborted when the engine is gone, and telling that to the engine would fail unseen.
 */
export async function follow<T>(
  subscribe: () => Promise<AsyncIterable<T>>,
  receive: (value: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  let retryMs = firstRetryMs;
  while (!isOver()) {
    try {
      for await (const value of await subscribe()) {
        // One may have been under way already.
        if (isOver()) return;
        receive(value);
        retryMs = firstRetryMs;
      }
    } catch {
      // The connection's own listener says when the engine is gone; anything else is worth another try.
    }
    await wait(retryMs, signal);
    retryMs = Math.min(lastRetryMs, retryMs * 2);
  }
}
