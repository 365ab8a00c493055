import { once } from 'node:events';
import { WebSocket } from 'ws';
import { accepts } from '../test/support/accepts.js';
import { until } from '../test/support/until.js';

interface ObsMessage {
  readonly op: number;
  readonly d: {
    readonly eventType?: string;
    readonly eventData?: { readonly outputState?: string };
    readonly requestId?: string;
    readonly requestStatus?: { readonly result: boolean; readonly comment?: string };
  };
}

export interface ObsControl {
  /** Asks it to stream, as its button would; gives when that was, and when OBS said that it streams. */
  goLive(): Promise<{ clickedAt: number; liveAt: number }>;
  stop(): Promise<void>;
  close(): void;
}

/** Commands OBS Studio over obs-websocket 5, which listens at `port` without a password once OBS has started. */
export async function connectObs(port: number): Promise<ObsControl> {
  await until('obs-websocket to listen', () => accepts(port), 60_000);
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const seen: { message: ObsMessage; at: number }[] = [];
  socket.on('message', (data: Buffer) => {
    seen.push({ message: JSON.parse(data.toString()) as ObsMessage, at: Date.now() });
  });
  await once(socket, 'open');
  const find = (what: string, matches: (message: ObsMessage) => boolean, from = 0) =>
    until(
      `OBS to say ${what}`,
      () => seen.slice(from).find(({ message }) => matches(message)),
      30_000,
    );
  await find('hello', ({ op }) => op === 0);
  socket.send(JSON.stringify({ op: 1, d: { rpcVersion: 1 } }));
  await find('that we are known', ({ op }) => op === 2);

  let requests = 0;
  /** Sends a request and gives when OBS says that its stream is in this state. */
  const request = async (requestType: string, state: string) => {
    const requestId = String(++requests);
    const from = seen.length;
    const sentAt = Date.now();
    socket.send(JSON.stringify({ op: 6, d: { requestType, requestId } }));
    const { message } = await find('yes or no', ({ d }) => d.requestId === requestId, from);
    if (message.d.requestStatus?.result !== true) {
      throw new Error(`OBS refused ${requestType}: ${message.d.requestStatus?.comment}`);
    }
    const outputState = `OBS_WEBSOCKET_OUTPUT_${state}`;
    const { at } = await find(state, ({ d }) => d.eventData?.outputState === outputState, from);
    return { sentAt, at };
  };
  return {
    goLive: async () => {
      const { sentAt, at } = await request('StartStream', 'STARTED');
      return { clickedAt: sentAt, liveAt: at };
    },
    stop: async () => {
      await request('StopStream', 'STOPPED');
    },
    close: () => socket.terminate(),
  };
}
