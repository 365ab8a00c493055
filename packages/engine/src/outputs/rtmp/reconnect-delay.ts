/** For this many tries, half a minute, a server that is only restarted is met within a second of its return. */
const quickTries = 34;
const quickMs = 880;
export const longestDelayMs = 30_000;
/** A line that breaks every few seconds, or a server that sends us away as often, is met at once for a minute and more. */
const quickShortLives = 15;
const longestAfterShortLifeMs = 10_000;
/** The share of a delay that is left to chance. */
const jitter = 0.1;

/**
 * Milliseconds to wait before the given try to reconnect, counted from 0: a quarter of a second, since most losses are
 * over at once; then just under a second for half a minute; then half as much again each time, up to half a minute. Ten
 * per cent of chance keep many clients from coming back in the same instant.
 *
 * @param shortLives how often in a row the server has kept the stream for some seconds only.
 */
export function reconnectDelayMs(
  attempt: number,
  shortLives = 0,
  random: () => number = Math.random,
): number {
  const first = attempt === 0 ? quickMs / 4 : growing(attempt - quickTries, longestDelayMs);
  const isTiring = shortLives > quickShortLives;
  const least = isTiring ? growing(shortLives - quickShortLives, longestAfterShortLifeMs) : 0;
  const chance = 1 - jitter + 2 * jitter * random();
  return Math.min(longestDelayMs, Math.max(first, least) * chance);
}

const growing = (steps: number, longest: number): number =>
  Math.min(longest, quickMs * 1.5 ** Math.max(0, steps));
