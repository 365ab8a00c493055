/** What became of the frames of a source, as seen by a second reader of the same track. */
export interface FrameAccount {
  /** Frames that were captured from the first that was sent to the last. */
  readonly captured: number;
  /** Frames that were sent where, within half an interval, none was captured. */
  readonly invented: number;
}

/**
 * Finds the frames that were sent among those that were captured. Both are in microseconds, each from a beginning of its
 * own: of all captured frames, the first that was sent is the one with which the account comes out best.
 */
export function accountFor(
  sent: readonly number[],
  captured: readonly number[],
  intervalUs: number,
): FrameAccount {
  const span = (sent.at(-1) ?? 0) - (sent[0] ?? 0);
  const wrong = (account: FrameAccount): number =>
    account.invented + Math.abs(account.captured - sent.length);
  return captured
    .map((origin) => {
      const times = captured.map((time) => time - origin);
      const isNear = (time: number): boolean =>
        times.some((other) => Math.abs(other - time + (sent[0] ?? 0)) <= intervalUs / 2);
      return {
        captured: times.filter((time) => time >= 0 && time <= span + intervalUs / 2).length,
        invented: sent.filter((time) => !isNear(time)).length,
      };
    })
    .reduce((best, next) => (wrong(next) < wrong(best) ? next : best), {
      captured: Infinity,
      invented: sent.length,
    });
}
