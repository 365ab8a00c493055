import type { ContractRouterClient } from '@orpc/contract';
import type { contract, LanePort } from '@tallylight/contract';

/** The procedures of the contract, callable. */
export type ContractClient = ContractRouterClient<typeof contract>;

/** The engine, wherever it runs. */
export interface Connection {
  readonly client: ContractClient;
  /** For one `MediaLaneWriter`; nothing has been read from it yet. */
  readonly lane: LanePort;
  /** Called once, when either the procedures or the lane are gone. Returns how to stop listening. */
  onClosed(listener: () => void): () => void;
}
