import { setTimeout as delay } from 'node:timers/promises';

/** How long a reader that has stopped reading is waited for after an interruption, in milliseconds. */
const patienceMs = 2_000;

/** Waits until a reader has taken what was written, or is gone; not for ever once `interrupted` is aborted. */
export async function flush(stream: NodeJS.WriteStream, interrupted: AbortSignal): Promise<void> {
  if (stream.destroyed || stream.errored) return;
  const over = new AbortController();
  const impatience = new Promise<void>((resolve) => {
    const begin = (): void =>
      void delay(patienceMs, undefined, { signal: over.signal }).then(resolve, () => undefined);
    if (interrupted.aborted) begin();
    else interrupted.addEventListener('abort', begin, { once: true, signal: over.signal });
  });
  const flushed = new Promise<void>((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
  await Promise.race([flushed, impatience]);
  over.abort();
}
