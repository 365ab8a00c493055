import { FlvMuxer, type FlvItem, type LiveStream } from 'node-rtmp-client';
import type { PlayerAccount } from '../statistics/server-statistics.js';
import { payloadBytes } from '../statistics/traffic.js';

/**
 * A live stream as one endless FLV file, a piece for each batch of what the publisher sent; it ends with the stream, or
 * when the signal is aborted.
 *
 * @param begin opens the player's account
 */
export async function* flvPieces(
  stream: LiveStream,
  left: AbortSignal,
  begin: () => PlayerAccount,
): AsyncGenerator<Uint8Array[], void, void> {
  const player = stream.join();
  const account = begin();
  const leave = (): void => stream.leave(player);
  left.addEventListener('abort', leave, { once: true });
  const muxer = new FlvMuxer();
  let header = muxer.header();
  try {
    while (!left.aborted) {
      const items = await player.nextBatch();
      if (items.length === 0) return;
      const own = items.filter(isOfDefaultTrack);
      account.sent(own.reduce((sum, item) => sum + payloadBytes(item), 0));
      yield [...header, ...own.flatMap((item) => muxer.item(item))];
      header = [];
    }
  } finally {
    left.removeEventListener('abort', leave);
    leave();
    account.left();
  }
}

/** Players of HTTP-FLV cannot say whether they know of further tracks, and most do not. */
const isOfDefaultTrack = (item: FlvItem): boolean =>
  'packet' in item ? (item.packet.trackId ?? 0) === 0 : !('trackId' in item) || item.trackId === 0;
