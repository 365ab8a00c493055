import type { MediaLaneReader } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource } from '../media-source.js';
import type { LaneOptions } from './window-source-options.js';
import { readLanePackets } from './window-packets.js';
import { readMatroskaPackets } from './matroska-packets.js';
import { watchForStall } from './watch-for-stall.js';

/** The renderer's media as a source. It reads the lane from its own `begin` up to its `end`, once. */
export function createLaneSource(lane: MediaLaneReader, options: LaneOptions): MediaSource {
  const { format, hasAudio, name = 'the window', stallSeconds = 10 } = options;
  let droppedFrames = 0;
  const events = { onDropped: (frames: number) => (droppedFrames = frames) };
  const read = format === 'packets' ? readLanePackets : readMatroskaPackets;
  return {
    name,
    hasAudio,
    get droppedFrames() {
      return droppedFrames;
    },
    packets: (signal) => open(signal),
  };

  async function* open(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    // Whoever leaves early must not leave somebody reading the lane.
    const left = new AbortController();
    const packets = readTake(AbortSignal.any([signal, left.signal]));
    try {
      yield* watchForStall(packets, name, stallSeconds);
    } finally {
      left.abort();
      await packets.return();
    }
  }

  async function* readTake(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    await skipToBegin(lane, options.take, signal);
    yield* read(lane, options, events, signal);
  }
}

/** Throws away what the renderer still sent for an earlier broadcast. */
async function skipToBegin(
  lane: MediaLaneReader,
  take: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const message = await lane.read(signal);
    if (!message || (message.type === 'begin' && message.take === take)) return;
  }
}
