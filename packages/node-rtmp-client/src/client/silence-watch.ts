import { RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';

/** Milliseconds of silence after which a server is asked for a sign of life, and after which it is given up. */
const askMs = 20_000;
const giveUpMs = 60_000;
const checkMs = 5_000;

/**
 * Drops a connection over which nothing comes any more though it stands: a player would wait for ever.
 *
 * @returns what ends the watch.
 */
export function watchSilence(
  connection: Pick<ClientConnection, 'bytesReceived' | 'isReadingHeld' | 'ping' | 'abort'>,
): () => void {
  let before = connection.bytesReceived;
  let heard = performance.now();
  let hasAsked = false;
  const timer = setInterval(() => {
    const now = performance.now();
    const { bytesReceived, isReadingHeld } = connection;
    // Who is not read from cannot be heard.
    if (isReadingHeld || bytesReceived > before) {
      before = bytesReceived;
      heard = now;
      hasAsked = false;
    } else if (now - heard >= giveUpMs) {
      clearInterval(timer);
      const words = `nothing came for ${giveUpMs / 1000} s`;
      connection.abort(new RtmpError('timeout', 'streaming', words));
    } else if (now - heard >= askMs && !hasAsked) {
      hasAsked = true;
      // Any sign of life will do.
      connection.ping().catch(() => undefined);
    }
  }, checkMs);
  return () => clearInterval(timer);
}
