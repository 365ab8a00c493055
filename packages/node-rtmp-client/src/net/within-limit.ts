import { RtmpError } from '../session/rtmp-error.js';

/**
 * Waits no longer than `limitMs` for what a server has been asked for while streaming.
 *
 * @param wait must end with its signal.
 * @throws RtmpError 'timeout' with `reason`, or what `wait` throws.
 */
export async function withinLimit(
  { limitMs, signal }: { readonly limitMs: number; readonly signal?: AbortSignal | undefined },
  reason: string,
  wait: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    await wait(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    if (!limit.signal.aborted || signal?.aborted === true) throw error;
    throw new RtmpError('timeout', 'streaming', reason);
  } finally {
    clearTimeout(timer);
  }
}
