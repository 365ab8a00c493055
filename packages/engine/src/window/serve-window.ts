import { RPCHandler } from '@orpc/server/websocket';
import { MediaChannelReader, type ChannelPort } from '@tallylight/contract';
import type { Logger } from '../logger.js';
import type { EngineContext, EngineRouter } from './router.js';

/** The way of the procedures: whole messages of text, in order, both ways. */
export interface ProcedurePort {
  /** A promise makes the engine wait with the next snapshot until this message is on its way. */
  send(message: string): Promise<void> | void;
  /** Called with each message that arrives; whatever is not text ends the connection. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

export interface WindowPorts {
  readonly procedures: ProcedurePort;
  readonly channel: ChannelPort;
}

/**
 * Answers a window over its two ports, until either of them closes; the other is closed then too.
 *
 * What is not a call ends the connection: the window is broken, and its engine must not be. (oRPC's own adapters leave
 * the error to nobody, which would end the process, or write it to the console with what was sent.)
 */
export function serveWindow(
  router: EngineRouter,
  ports: WindowPorts,
  logger: Logger,
): EngineContext {
  const { procedures } = ports;
  const channel = new MediaChannelReader(ports.channel);
  const context: EngineContext = { channel };
  const handler = new RPCHandler(router);
  let over = false;
  // Closing a port at this end does not make every kind of port tell this end.
  const end = (): void => {
    if (over) return;
    over = true;
    handler.close(socket);
    procedures.close();
    channel.close();
  };
  const socket = {
    addEventListener: () => undefined,
    // A window that is closed meanwhile has sent nothing wrong.
    send: async (message: string) => {
      try {
        await procedures.send(message);
      } catch (error) {
        end();
        throw error;
      }
    },
  };
  const cutOff = (error: unknown): void => {
    if (over) return;
    // Never what was sent: there may be a stream key in it.
    const name = error instanceof Error ? error.name : typeof error;
    logger.warn({ error: name }, 'a window sent what is not a call');
    end();
  };
  procedures.onMessage((message) => {
    if (typeof message === 'string') {
      handler.message(socket, message, { context }).catch(cutOff);
    } else {
      cutOff(new TypeError('not text'));
    }
  });
  procedures.onClose(end);
  channel.onClose(end);
  return context;
}
