import { appError, type MediaChannelReader } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { nonsense, WindowPacketOrder } from './window-packet-order.js';
import type { WindowEvents, WindowSourceOptions } from './window-source-options.js';

/** Reads coded frames that the renderer sends one by one. What does not make sense ends the broadcast. */
export async function* readWindowPackets(
  channel: MediaChannelReader,
  { hasAudio }: WindowSourceOptions,
  { onAccount }: WindowEvents,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const order = new WindowPacketOrder({ hasAudio });
  for (;;) {
    const message = await channel.read(signal);
    if (!message) {
      if (signal.aborted) return;
      throw appError('WINDOW_GONE');
    }
    switch (message.type) {
      case 'config':
      case 'frame':
        yield* order.push(message);
        break;
      case 'account':
        onAccount(message.account);
        break;
      case 'end':
        yield* order.end();
        return;
      case 'begin':
        throw nonsense(new Error('it begins twice'));
      case 'container':
        throw nonsense(new Error('a recording where frames were expected'));
    }
  }
}
