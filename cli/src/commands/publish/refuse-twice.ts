import { appError, reason } from '@tallylight/contract';
import type { DestinationTarget } from '@tallylight/engine';

/** Most servers end the first stream when the second comes, and so on for ever. @throws AppError `INVALID_OPTION`. */
export function refuseTwice(destinations: readonly DestinationTarget[]): void {
  const seen = new Set<string>();
  for (const { address, streamKey, name } of destinations) {
    const where = JSON.stringify([
      address.host.toLowerCase(),
      address.port,
      address.app,
      streamKey,
    ]);
    if (seen.has(where)) {
      const why = reason('same-destination', { destination: name });
      throw appError('INVALID_OPTION', { reason: why });
    }
    seen.add(where);
  }
}
