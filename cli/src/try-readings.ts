import { RtmpError } from 'node-rtmp-client';
import type { StreamPlace } from './destinations.js';

/**
 * Tries the usual readings of a URL in their order, until `work` does not fail by a refusal.
 *
 * @param work gets each beside the others, so that what may be the key is not shown, and is told whether one was refused.
 * @throws what the first, the likeliest, came to where all are refused.
 */
export async function tryReadings<T>(
  place: StreamPlace,
  work: (place: StreamPlace, isOther: boolean) => Promise<T>,
): Promise<T> {
  let first: { readonly error: unknown } | undefined;
  const readings = [place, ...(place.otherwise ?? [])];
  for (const each of readings) {
    const otherwise = readings.filter((other) => other !== each);
    const { address, streamKey } = each;
    try {
      return await work({ address, streamKey, otherwise }, first !== undefined);
    } catch (error) {
      first ??= { error };
      if (!isRefusal(error)) throw error;
    }
  }
  throw first?.error;
}

/** The server knows no such application or stream; read otherwise, the URL may name one that it knows. */
const isRefusal = (error: unknown): boolean =>
  error instanceof RtmpError &&
  ['connect-rejected', 'publish-rejected', 'play-rejected', 'stream-not-found'].includes(
    error.code,
  );
