import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `probe` again and again until it gives something other than `undefined` or `false`, for the states of other
 * programs that send no event. Fails after `deadlineMs`, naming what was waited for.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  deadlineMs = 60_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await delay(25);
  }
}
