const firstMs = 2_000;
const longestMs = 30_000;

/**
 * Milliseconds to wait before the given try to reconnect, counted from 0: two seconds, then half as much again each
 * time, up to half a minute; five per cent of chance keep many clients from coming back in the same instant.
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const delay = Math.min(longestMs, firstMs * 1.5 ** attempt);
  return delay * (0.95 + 0.1 * random());
}
