import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';

/** How many destinations of a broadcast have it. One that was ended on purpose does not count. */
export interface LiveShare {
  readonly live: number;
  readonly all: number;
  readonly without: readonly DestinationStatus[];
}

export function liveShare(snapshot: BroadcastSnapshot): LiveShare {
  const wanted = destinationsOf(snapshot).filter(({ state }) => state !== 'stopped');
  const without = wanted.filter(({ state }) => state !== 'live');
  return { live: wanted.length - without.length, all: wanted.length, without };
}
