/** How long work may take. */
export interface Limit {
  /** Milliseconds. */
  readonly limitMs: number;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does work that ends with the signal it is given: that of `limit`, or the end of `limitMs`.
 *
 * @param work rejects once its signal is aborted.
 * @throws what `late` returns where the time was up, else what `work` throws.
 */
export async function withinLimit<T>(
  { limitMs, signal }: Limit,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await work(
      signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]),
    );
  } catch (error) {
    if (!limit.signal.aborted || signal?.aborted === true) throw error;
    throw late();
  } finally {
    clearTimeout(timer);
  }
}
