import { RtmpError } from 'node-rtmp-client';
import type { StreamPlace } from './destinations.js';

type Place = Pick<StreamPlace, 'address' | 'streamKey'>;

/**
 * Tries the usual readings of a URL in their order, until `work` does not fail by a refusal.
 *
 * @param work is told whether another reading was refused before.
 * @throws what the first, the likeliest, came to where all are refused.
 */
export async function tryReadings<T>(
  place: StreamPlace,
  work: (place: Place, isOther: boolean) => Promise<T>,
): Promise<T> {
  let first: { readonly error: unknown } | undefined;
  for (const each of [place, ...(place.otherwise ?? [])]) {
    try {
      return await work(each, first !== undefined);
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
