/** The longest that Node's timers can wait; who has watched for three weeks may begin anew. Milliseconds. */
const longestMs = 2 ** 31 - 1;

/**
 * Calls `expire` when what somebody was let in with expires; returns the way to stop that.
 *
 * @param until milliseconds since the epoch; Infinity: never.
 */
export function atExpiry(until: number, expire: () => void): () => void {
  if (until === Infinity) return () => undefined;
  const timer = setTimeout(expire, Math.min(Math.max(until - Date.now(), 0), longestMs));
  timer.unref();
  return () => clearTimeout(timer);
}
