import { destinationsOf, type BroadcastSnapshot } from './broadcast.js';

/** What really leaves; what is not known is absent. */
export interface LeavingRates {
  /** Bits per second, to all servers together. */
  readonly bitrate?: number;
  /** Frames per second, of the server that gets the fewest of those that are there. */
  readonly fps?: number;
}

/** Nothing leaves where no server is there; of one that has just begun, or is silent, nothing is known. */
export function leavingRates({ outputs }: Pick<BroadcastSnapshot, 'outputs'>): LeavingRates {
  const live = destinationsOf({ outputs }).filter(({ state }) => state === 'live');
  if (live.length === 0) return { bitrate: 0, fps: 0 };
  const bitrates = live.flatMap(({ bitrate }) => bitrate ?? []);
  const rates = live.flatMap(({ fps }) => fps ?? []);
  return {
    ...(bitrates.length > 0 && { bitrate: bitrates.reduce((sum, each) => sum + each, 0) }),
    ...(rates.length > 0 && { fps: Math.min(...rates) }),
  };
}
