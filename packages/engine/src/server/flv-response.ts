import type { ServerResponse } from 'node:http';
import { FlvMuxer } from 'node-rtmp-client';
import { drainPlayer } from './drain-player.js';
import type { LiveStream } from './live-stream.js';

/** Sends a live stream as one endless FLV file (HTTP-FLV), until it ends or the player goes away. */
export async function sendFlv(response: ServerResponse, stream: LiveStream): Promise<void> {
  response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
  response.flushHeaders();
  const queue = stream.join();
  response.once('close', () => stream.leave(queue));
  const muxer = new FlvMuxer();
  let started = false;
  try {
    const end = await drainPlayer(queue, async (item) => {
      const parts: Uint8Array[] = [];
      if (!started) parts.push(...muxer.header());
      started = true;
      parts.push(...muxer.item(item));
      await writeAll(response, parts);
    });
    if (end === 'ended') response.end();
    else response.destroy();
  } finally {
    stream.leave(queue);
  }
}

/** Resolves when the socket takes more; the parts of one tag leave in one segment. */
async function writeAll(response: ServerResponse, parts: readonly Uint8Array[]): Promise<void> {
  if (response.destroyed) return;
  response.cork();
  let more = true;
  for (const part of parts) more = response.write(part);
  response.uncork();
  if (!more) await drained(response);
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
