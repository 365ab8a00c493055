import {
  MediaChannelWriter,
  parseChannelMessage,
  serializeChannelMessage,
  type ChannelPort,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { ChannelQueue } from './channel-queue.js';

function fakePort() {
  const sent: string[] = [];
  let receive: (bytes: Uint8Array) => void = () => undefined;
  let close: () => void = () => undefined;
  const port: ChannelPort = {
    send: (bytes) => sent.push(parseChannelMessage(bytes)?.type ?? 'nonsense'),
    onMessage: (listener) => (receive = listener),
    onClose: (listener) => (close = listener),
    close: () => close(),
  };
  const grant = (bytes: number): void =>
    receive(serializeChannelMessage({ type: 'credit', bytes }));
  return { port, sent, grant };
}

const big = { type: 'container', payload: new Uint8Array(8 * 1024 * 1024) } as const;

describe('ChannelQueue', () => {
  it('knows what waits for credits, and keeps the order', async () => {
    const { port, sent, grant } = fakePort();
    const queue = new ChannelQueue(new MediaChannelWriter(port), () => undefined);
    await queue.write(big);
    expect(queue.pendingBytes).toBe(0);
    const waiting = [queue.write(big), queue.write({ type: 'end' })];
    expect(queue.pendingBytes).toBe(big.payload.byteLength);
    grant(32 * 1024 * 1024);
    await Promise.all(waiting);
    expect(queue.pendingBytes).toBe(0);
    expect(sent).toEqual(['container', 'container', 'end']);
  });

  it('tells that the channel is closed and resolves all the same', async () => {
    const { port } = fakePort();
    const errors: unknown[] = [];
    const queue = new ChannelQueue(new MediaChannelWriter(port), (error) => errors.push(error));
    port.close();
    await queue.write({ type: 'end' });
    expect(errors).toHaveLength(1);
  });
});
