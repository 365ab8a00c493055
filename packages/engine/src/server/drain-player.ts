import type { FlvItem } from 'node-rtmp-client';
import { within } from '../deadline.js';
import type { PlayerQueue } from './player-queue.js';

/** A player whose connection takes nothing for this many milliseconds is disconnected. */
const playerStallMs = 30_000;

/** Hands everything in `queue` to `write`, until the stream ends or the player takes nothing for too long. */
export async function drainPlayer(
  queue: PlayerQueue,
  write: (item: FlvItem) => Promise<void>,
  stallMs = playerStallMs,
): Promise<'ended' | 'stalled'> {
  for (;;) {
    const item = await queue.next();
    if (!item) return 'ended';
    if ((await within(write(item), stallMs)) === 'late') return 'stalled';
  }
}
