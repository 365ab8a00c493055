import type { EncodedPacket } from 'node-rtmp-client';
import { appError } from '../../app-error.js';

const stalled = Symbol('stalled');

/**
 * Passes packets on and fails when no picture came for `seconds`. Only time in which somebody waits for a packet counts.
 *
 * @throws AppError CAPTURE_STALLED.
 */
export async function* watchForStall(
  packets: AsyncIterator<EncodedPacket, void>,
  device: string,
  seconds: number,
): AsyncGenerator<EncodedPacket, void, undefined> {
  let leftMs = seconds * 1000;
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof stalled>((resolve) => {
      timer = setTimeout(() => resolve(stalled), leftMs);
    });
    const askedAt = performance.now();
    const next = await Promise.race([packets.next(), timeout]).finally(() => clearTimeout(timer));
    if (next === stalled)
      throw appError('CAPTURE_STALLED', { device, seconds }, { phase: 'camera' });
    if (next.done) return;
    leftMs -= performance.now() - askedAt;
    if (next.value.track === 'video') leftMs = seconds * 1000;
    yield next.value;
  }
}
