import { FlvMuxer, type FlvItem, type LiveStream } from 'node-rtmp-client';

/**
 * A live stream as one endless FLV file, a piece for each batch of what the publisher sent; it ends with the stream, or
 * when the signal is aborted.
 */
export async function* flvPieces(
  stream: LiveStream,
  left: AbortSignal,
): AsyncGenerator<Uint8Array[], void, void> {
  const player = stream.join();
  const leave = (): void => stream.leave(player);
  left.addEventListener('abort', leave, { once: true });
  const muxer = new FlvMuxer();
  let header = muxer.header();
  try {
    while (!left.aborted) {
      const items = await player.nextBatch();
      if (items.length === 0) return;
      yield [...header, ...items.filter(isOfDefaultTrack).flatMap((item) => muxer.item(item))];
      header = [];
    }
  } finally {
    left.removeEventListener('abort', leave);
    leave();
  }
}

/** Players of HTTP-FLV cannot say whether they know of further tracks, and most do not. */
const isOfDefaultTrack = (item: FlvItem): boolean =>
  'packet' in item ? (item.packet.trackId ?? 0) === 0 : !('trackId' in item) || item.trackId === 0;
