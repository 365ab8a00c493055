/** For this many tries a server that is only restarted is met within a second of its return. */
const quickTries = 15;
const quickMs = 1_000;
const longestMs = 30_000;

/**
 * Milliseconds to wait before the given try to reconnect, counted from 0: a quarter of a second, since most losses are
 * over at once; then a second, fifteen times; then half as much again each time, up to half a minute. Ten per cent of
 * chance keep many clients from coming back in the same instant.
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const later = Math.max(0, attempt - quickTries);
  const delay = attempt === 0 ? quickMs / 4 : Math.min(longestMs, quickMs * 1.5 ** later);
  return delay * (0.9 + 0.2 * random());
}
