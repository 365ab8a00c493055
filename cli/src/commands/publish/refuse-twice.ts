import { appError, reason } from '@tallylight/contract';
import type { DestinationTarget } from '@tallylight/engine';

/** Most servers end the first stream when the second comes, and so on for ever. @throws AppError `INVALID_OPTION`. */
export function refuseTwice(destinations: readonly DestinationTarget[]): void {
  const seen = new Set<string>();
  for (const target of destinations) {
    const where = placeOf(target);
    if (seen.has(where)) {
      const why = reason('same-destination', { destination: target.name });
      throw appError('INVALID_OPTION', { reason: why });
    }
    seen.add(where);
  }
}

/** As {@link refuseTwice}, of one that is added to those of a broadcast. @throws AppError `INVALID_OPTION`. */
export function refuseAgain(
  added: DestinationTarget,
  destinations: readonly DestinationTarget[],
): void {
  const same = destinations.find((each) => placeOf(each) === placeOf(added));
  if (!same) return;
  const { name: destination, id } = same;
  throw appError('INVALID_OPTION', { reason: reason('already-sent-to', { destination, id }) });
}

const placeOf = ({ address, streamKey }: DestinationTarget): string =>
  JSON.stringify([address.host.toLowerCase(), address.port, address.app, streamKey]);
