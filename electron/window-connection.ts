import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { MediaLaneReader, type BroadcastSnapshot, type LanePort } from '@tallylight/contract';
import type { Engine } from '@tallylight/engine';
import type { MessagePortMain } from 'electron';
import type { WindowPorts } from './ipc.js';

/**
 * Joins a window to the engine for as long as its ports live, and tells `onState` of the broadcast.
 *
 * Resolves when the window is gone.
 */
export async function connectWindow(
  engine: Engine,
  ports: WindowPorts,
  onState: (state: BroadcastSnapshot['state']) => void,
): Promise<void> {
  const gone = new AbortController();
  const lane = new MediaLaneReader(messagePortLane(ports.lane));
  ports.rpc.on('close', () => {
    gone.abort();
    lane.close();
  });
  const context = { lane };
  new RPCHandler(engine.router).upgrade(ports.rpc, { context });
  ports.rpc.start();

  const client = createRouterClient(engine.router, { context });
  try {
    const snapshots = await client.broadcast.watch(undefined, { signal: gone.signal });
    for await (const { state } of snapshots) onState(state);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function messagePortLane(port: MessagePortMain): LanePort {
  return {
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.on('message', ({ data }: { data: unknown }) => {
        // Whatever else it is, it is not a lane message, and the lane ends at the first that is not.
        listener(data instanceof Uint8Array ? data : new Uint8Array());
      });
      port.start();
    },
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  };
}
