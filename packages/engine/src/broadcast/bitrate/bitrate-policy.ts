import type { BitratePolicy } from '@tallylight/contract';

/** What a destination can take of the picture, in bits per second; Infinity where nothing tells of a limit. */
export interface DestinationVote {
  readonly id: string;
  readonly bitrate: number;
  /** The same, once nothing waits any more. */
  readonly sustained: number;
}

export interface BitrateDecision {
  /** Infinity where nobody wants less. */
  readonly bitrate: number;
  /** Those that want it as low as that. */
  readonly loweredFor: readonly string[];
  /** Those that get more than they can take, and lose frames instead. */
  readonly overruled: readonly string[];
}

/** One that takes less than so much of what the best one takes does not count, until it takes a little more. */
const slowShare = 0.5;
const againShare = 0.6;

/**
 * What the encoder is to do for all of them.
 *
 * @param votes in the order of the destinations; of those that are there.
 * @param before those that were overruled by the last decision.
 */
export function decideBitrate(
  policy: BitratePolicy,
  votes: readonly DestinationVote[],
  cap: number,
  before: readonly string[] = [],
): BitrateDecision {
  const voters = votersOf(policy, votes, cap, before);
  const bitrate = Math.min(...voters.map((vote) => vote.bitrate));
  const isLower = bitrate < cap;
  return {
    bitrate,
    loweredFor: isLower ? voters.filter((vote) => vote.bitrate === bitrate).map(idOf) : [],
    overruled: votes.filter((vote) => vote.sustained < Math.min(bitrate, cap)).map(idOf),
  };
}

function votersOf(
  policy: BitratePolicy,
  votes: readonly DestinationVote[],
  cap: number,
  before: readonly string[],
): readonly DestinationVote[] {
  switch (policy) {
    case 'protect-all':
      return votes;
    case 'protect-first':
      return votes.slice(0, 1);
    case 'drop-slowest': {
      const best = Math.min(cap, Math.max(...votes.map((vote) => vote.sustained)));
      return votes.filter(({ id, sustained }) => {
        const share = before.includes(id) ? againShare : slowShare;
        return sustained >= share * best;
      });
    }
  }
}

const idOf = ({ id }: DestinationVote): string => id;
