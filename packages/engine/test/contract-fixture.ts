import { isDefinedError, safe } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract, ChannelMessage, ChannelPort } from '@tallylight/contract';
import type { TestEngine } from './test-engine.js';

/** What a window has of the engine, through some transport. */
export interface WindowConnection {
  readonly client: ContractRouterClient<typeof contract>;
  readonly channel: ChannelPort;
  /** Sends something else than a call where calls are expected. */
  sendRaw(data: string | Uint8Array): void;
  /** Ends both ways as a window does that is closed. */
  disconnect(): void;
}

export interface Transport {
  connect(): Promise<WindowConnection>;
  close(): Promise<void>;
}

/** How a shell brings a window and an engine together. */
export type OpenTransport = (engine: TestEngine) => Promise<Transport>;

/** What a test finds: an engine, and one window that is connected to it. */
export interface ContractFixture {
  readonly directory: string;
  readonly engine: TestEngine;
  readonly transport: Transport;
  readonly window: WindowConnection;
}

export const mebi = 1024 * 1024;

/** For reads that the test does not give up. */
export const never = new AbortController().signal;

export const container = (bytes: number): ChannelMessage => ({
  type: 'container',
  payload: new Uint8Array(bytes),
});

/** The data of the contract's error, as the window sees it, of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  const { error } = await safe(call);
  if (!error || !isDefinedError(error)) {
    throw new Error(`not the contract's error: ${String(error)}`);
  }
  return (error as { data: unknown }).data;
}
