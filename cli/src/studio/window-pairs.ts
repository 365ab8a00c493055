import type { ChannelPort } from '@tallylight/contract';
import type { ProcedurePort, WindowService } from '@tallylight/engine/window';
import type { RawData, WebSocket } from 'ws';

export type SocketRole = 'rpc' | 'channel';

type Pair = Partial<Record<SocketRole, WebSocket>>;

/** How long one socket of a window waits for the other. */
const pairingDeadlineMs = 10_000;
const pingIntervalMs = 10_000;

/** Joins the two WebSockets of each window to the engine's window service. */
export class WindowPairs {
  readonly #windows: WindowService;
  readonly #waiting = new Map<string, Pair>();

  constructor(windows: WindowService) {
    this.#windows = windows;
  }

  /** Takes a socket of the window that calls itself `windowId`. */
  add(windowId: string, role: SocketRole, socket: WebSocket): void {
    // Nothing may be lost between the arrival of one socket and that of the other.
    socket.pause();
    keepAlive(socket);
    const pair = this.#waiting.get(windowId) ?? {};
    if (pair[role]) {
      socket.close(1008, 'already connected');
      socket.resume();
      return;
    }
    pair[role] = socket;
    const { rpc, channel } = pair;
    if (rpc && channel) {
      this.#waiting.delete(windowId);
      this.#join(rpc, channel);
      return;
    }
    this.#waiting.set(windowId, pair);
    this.#expire(windowId, pair, socket);
  }

  #expire(windowId: string, pair: Pair, socket: WebSocket): void {
    const forget = (): void => {
      clearTimeout(deadline);
      if (this.#waiting.get(windowId) === pair) this.#waiting.delete(windowId);
    };
    const deadline = setTimeout(() => {
      if (this.#waiting.get(windowId) === pair) socket.terminate();
      forget();
    }, pairingDeadlineMs);
    socket.once('close', forget);
  }

  #join(rpc: WebSocket, channel: WebSocket): void {
    this.#windows.serve({ procedures: procedurePort(rpc), channel: channelPort(channel) });
    rpc.resume();
    channel.resume();
  }
}

/** Ends a connection whose other side is gone without a word. */
function keepAlive(socket: WebSocket): void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, pingIntervalMs);
  socket.once('close', () => clearInterval(timer));
  // What ws reports here it follows with the close; without a listener it would end the process.
  socket.on('error', () => socket.terminate());
}

function procedurePort(socket: WebSocket): ProcedurePort {
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    onMessage: (listener) => {
      socket.on('message', (data: RawData, isBinary) => {
        listener(isBinary || !(data instanceof Buffer) ? data : data.toString());
      });
    },
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}

function channelPort(socket: WebSocket): ChannelPort {
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) => {
      socket.on('message', (data: RawData, isBinary) => {
        // Text is not a channel message, and the channel ends at the first that is not.
        listener(isBinary && data instanceof Buffer ? asBytes(data) : new Uint8Array());
      });
    },
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}

const asBytes = (data: Buffer): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
