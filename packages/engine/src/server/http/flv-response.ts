import type { ServerResponse } from 'node:http';
import type { LiveStream } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { atExpiry } from '../access/at-expiry.js';
import type { PlayerAccount } from '../statistics/server-statistics.js';
import { flvPieces } from './flv-pieces.js';

/**
 * Sends a live stream as one endless FLV file (HTTP-FLV), until it ends or the player goes away.
 *
 * @param until when the player's time is over, in milliseconds since the epoch
 * @param stallMs a player that takes nothing for so long is disconnected
 * @param begin opens the player's account
 */
export async function sendFlv(
  response: ServerResponse,
  stream: LiveStream,
  {
    until,
    stallMs,
    begin,
  }: {
    readonly until: number;
    readonly stallMs: number;
    readonly begin: () => PlayerAccount;
  },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
  response.flushHeaders();
  const left = new AbortController();
  const stay = atExpiry(until, () => left.abort());
  response.once('close', () => {
    stay();
    left.abort();
  });
  for await (const parts of flvPieces(stream, left.signal, begin)) {
    const drained = writeAll(response, parts);
    if (drained && (await within(drained, stallMs)) === 'late') {
      response.destroy();
      return;
    }
  }
  response.end();
}

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
