import type { MediaChannelReader } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource } from '../media-source.js';
import type { WindowSourceOptions } from './window-source-options.js';
import { readWindowPackets } from './window-packets.js';
import { readMatroskaPackets } from './matroska-packets.js';
import { watchForStall } from './watch-for-stall.js';

/** The renderer's media as a source. It reads the channel from its own `begin` up to its `end`, once. */
export function createWindowSource(
  channel: MediaChannelReader,
  options: WindowSourceOptions,
): MediaSource {
  const { format, hasAudio, name = 'the window', stallSeconds = 10 } = options;
  let droppedFrames = 0;
  const events = { onDropped: (frames: number) => (droppedFrames = frames) };
  const read = format === 'packets' ? readWindowPackets : readMatroskaPackets;
  return {
    name,
    hasAudio,
    get droppedFrames() {
      return droppedFrames;
    },
    packets: (signal) => open(signal),
  };

  async function* open(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    // Whoever leaves early must not leave somebody reading the channel.
    const left = new AbortController();
    const packets = readCapture(AbortSignal.any([signal, left.signal]));
    try {
      yield* watchForStall(packets, name, stallSeconds);
    } finally {
      left.abort();
      await packets.return();
    }
  }

  async function* readCapture(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    await skipToBegin(channel, options.captureId, signal);
    yield* read(channel, options, events, signal);
  }
}

/** Throws away what the renderer still sent for an earlier broadcast. */
async function skipToBegin(
  channel: MediaChannelReader,
  captureId: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const message = await channel.read(signal);
    if (!message || (message.type === 'begin' && message.captureId === captureId)) return;
  }
}
