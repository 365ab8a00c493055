import { createRouterClient } from '@orpc/server';
import type { BroadcastSnapshot, ChannelPort } from '@tallylight/contract';
import type { ProcedurePort, WindowService } from '@tallylight/engine/window';
import type { MessagePortMain } from 'electron';
import type { WindowPorts } from './ipc.js';

/**
 * Joins a window to the engine for as long as its ports live, and tells `onState` of the broadcast.
 *
 * Resolves when the window is gone.
 */
export async function connectWindow(
  windows: WindowService,
  ports: WindowPorts,
  onState: (state: BroadcastSnapshot['state']) => void,
): Promise<void> {
  const context = windows.serve({
    procedures: procedurePort(ports.rpc),
    channel: channelPort(ports.channel),
  });
  const gone = new AbortController();
  context.channel.onClose(() => gone.abort());
  const client = createRouterClient(windows.router, { context });
  try {
    const snapshots = await client.broadcast.watch(undefined, { signal: gone.signal });
    for await (const { state } of snapshots) onState(state);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function procedurePort(port: MessagePortMain): ProcedurePort {
  return {
    ...ending(port),
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
  };
}

function channelPort(port: MessagePortMain): ChannelPort {
  return {
    ...ending(port),
    send: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      port.on('message', ({ data }: { data: unknown }) => {
        // Whatever else it is, it is not a channel message, and the channel ends at the first that is not.
        listener(data instanceof Uint8Array ? data : new Uint8Array());
      });
      port.start();
    },
  };
}

/** A MessagePortMain that is closed on this side does not say so; its listeners here are told all the same. */
function ending(port: MessagePortMain): Pick<ChannelPort, 'onClose' | 'close'> {
  const gone = new AbortController();
  port.once('close', () => gone.abort());
  return {
    onClose: (listener) => gone.signal.addEventListener('abort', listener, { once: true }),
    close: () => {
      port.close();
      gone.abort();
    },
  };
}
