import type { ServerResponse } from 'node:http';
import { FlvMuxer, type FlvItem, type LiveStream } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';

/** A player whose connection takes nothing for this many milliseconds is disconnected. */
const playerStallMs = 30_000;

/** Sends a live stream as one endless FLV file (HTTP-FLV), until it ends or the player goes away. */
export async function sendFlv(response: ServerResponse, stream: LiveStream): Promise<void> {
  response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
  response.flushHeaders();
  const player = stream.join();
  response.once('close', () => stream.leave(player));
  const muxer = new FlvMuxer();
  let header = muxer.header();
  try {
    for (;;) {
      const items = await player.nextBatch();
      if (items.length === 0) break;
      const parts = items.filter(isOfDefaultTrack).flatMap((item) => muxer.item(item));
      const drained = writeAll(response, [...header, ...parts]);
      header = [];
      if (drained && (await within(drained, playerStallMs)) === 'late') {
        response.destroy();
        return;
      }
    }
    response.end();
  } finally {
    stream.leave(player);
  }
}

/** Players of HTTP-FLV cannot say whether they know of further tracks, and most do not. */
const isOfDefaultTrack = (item: FlvItem): boolean =>
  'packet' in item ? (item.packet.trackId ?? 0) === 0 : !('trackId' in item) || item.trackId === 0;

/** The parts of one batch leave together. @returns what to wait for when the socket takes no more for now. */
function writeAll(
  response: ServerResponse,
  parts: readonly Uint8Array[],
): Promise<void> | undefined {
  if (response.destroyed) return undefined;
  response.cork();
  let more = true;
  for (const part of parts) more = response.write(part);
  response.uncork();
  return more ? undefined : drained(response);
}

/** Resolves when there is room again, or nobody is left to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.once('drain', settle).once('close', settle);
  });
}
