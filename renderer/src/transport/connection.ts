import type { ContractRouterClient } from '@orpc/contract';
import type { contract, LanePort } from '@tallylight/contract';
import { connectToElectron } from './electron-connection.js';
import { connectToBrowserShell } from './browser-connection.js';

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

/**
 * Connects the window to its engine, whichever shell it runs in.
 *
 * @throws ConnectionError when no engine answers, or when it refuses this window.
 */
export async function connect(): Promise<Connection> {
  const { tallylight } = window;
  return tallylight?.shell === 'electron'
    ? connectToElectron(tallylight)
    : connectToBrowserShell(window.location);
}
