import type { ContractRouterClient } from '@orpc/contract';
import type { BroadcastSnapshot, contract } from '@tallylight/contract';

type ContractClient = ContractRouterClient<typeof contract>;

/** The procedures of the contract, whichever transport carries them; of `watch` only that it can be iterated. */
export type EngineClient = Omit<ContractClient, 'broadcast'> & {
  readonly broadcast: Omit<ContractClient['broadcast'], 'watch'> & {
    watch(): Promise<AsyncIterable<BroadcastSnapshot>>;
  };
};
