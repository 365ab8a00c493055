import type { ContractRouterClient } from '@orpc/contract';
import type { contract, ChannelPort } from '@tallylight/contract';

/** The procedures of the contract, callable. */
export type ContractClient = ContractRouterClient<typeof contract>;

/** The engine, wherever it runs. */
export interface Connection {
  readonly client: ContractClient;
  /** For one `MediaChannelWriter`; nothing has been read from it yet. */
  readonly channel: ChannelPort;
  /**
   * Has the engine play a file of the user's at the end of its list. `onProgress` gets how much of it has gone, from 0 to 1.
   *
   * @throws AppError why it was not taken.
   */
  giveFile(file: File, onProgress: (ratio: number) => void): Promise<void>;
  /** Called once, when either the procedures or the channel are gone. Returns how to stop listening. */
  onClosed(listener: () => void): () => void;
}
