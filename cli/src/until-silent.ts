import { appError } from '@tallylight/contract';
import type { FlvItem, RtmpPlayer } from 'node-rtmp-client';

/** A server that accepted us and then sends no media is given up after this long. */
const silenceMs = 10_000;

/** The player's items, until `stop`. @throws AppError `NO_MEDIA_RECEIVED` when nothing comes for too long. */
export async function* untilSilent(
  player: RtmpPlayer,
  stop: AbortSignal,
  host: string,
): AsyncGenerator<FlvItem> {
  const watch = { silent: false };
  const startWaiting = (): NodeJS.Timeout =>
    setTimeout(() => {
      watch.silent = true;
      player.abort();
    }, silenceMs);
  // Closing ends the iteration below.
  const close = (): void => void player.close();
  if (stop.aborted) close();
  stop.addEventListener('abort', close, { once: true });
  let timer = startWaiting();
  try {
    for await (const item of player) {
      clearTimeout(timer);
      yield item;
      timer = startWaiting();
    }
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', close);
  }
  if (watch.silent) throw appError('NO_MEDIA_RECEIVED', { host, seconds: silenceMs / 1000 });
}
