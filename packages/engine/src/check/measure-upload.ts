import type { Upload } from '@tallylight/contract';
import { wait } from 'node-rtmp-client/async';
import type { RtmpPublisher } from 'node-rtmp-client';
import { fillerConfigs, fillerPicture, mostFiller, silentFrames } from './filler-media.js';

export interface MeasureOptions {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Bits per second; more is never sent. */
  readonly cap?: number;
}

/** Bits per second. */
const usualCap = 20_000_000;
const firstRate = 1_000_000;
/** What comes first fills buffers on the way, and counts for nothing. */
const discardedMs = 2_500;
const frameMs = 33;
const pingEveryMs = 100;
const mostPings = 6;
/** Of what was sent so much may be under way, in bytes and in time, before more is: a full line answers nothing. */
const leastUnderWay = 64 * 1024;
const underWayMs = 1_000;
/** The rate rises by so much while the way follows. */
const rise = 1.5;
/** The share of a line that can be sent over it for long. */
const steady = 0.7;

type Publisher = Pick<RtmpPublisher, 'write' | 'writeMetadata' | 'ping' | 'stats'>;

/** So many bytes had arrived by then. */
interface Arrival {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Sends a black picture, filled up, at a rising rate, and measures what arrives: by answered pings, which go behind what
 * was sent before them, else by what the server acknowledges, else by what leaves.
 *
 * @returns undefined where `signal` was aborted before anything could be told.
 * @throws RtmpError when the stream is over.
 */
export async function measureUpload(
  publisher: Publisher,
  { ms, signal, cap = usualCap }: MeasureOptions,
): Promise<Upload | undefined> {
  const begun = performance.now();
  const now = (): number => performance.now() - begun;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const arrivals: Arrival[] = [];
  let isAnswered = false as boolean;
  const arrived = (bytes: number): void => {
    if (bytes > (arrivals.at(-1)?.bytes ?? 0)) arrivals.push({ at: now(), bytes });
  };
  const pinging = (async (): Promise<void> => {
    let unanswered = 0;
    const answer = (bytes: number): void => {
      isAnswered = true;
      arrived(bytes);
    };
    do {
      if (unanswered >= mostPings) continue;
      unanswered += 1;
      const { bytesSent } = publisher.stats;
      publisher
        .ping(either, ms)
        .then(() => answer(bytesSent))
        // Some servers answer none.
        .catch(() => undefined)
        .finally(() => (unanswered -= 1));
    } while (await wait(pingEveryMs, either));
  })();
  try {
    await send(publisher, { cap, ms, signal, now, look });
  } finally {
    stop.abort();
    await pinging;
  }
  const bitrate = rateOf(arrivals);
  if (signal.aborted || bitrate === undefined) return undefined;
  return {
    bitrate,
    recommended: Math.max(100_000, Math.floor((bitrate * steady) / 100_000) * 100_000),
    isCapped: bitrate > 0.9 * cap,
    isRough: !isAnswered && publisher.stats.bytesAcknowledged === 0,
  };

  /** What has arrived by now, and how fast it did lately. */
  function look(): { readonly bytes: number; readonly rate: number | undefined } {
    const { bytesAcknowledged, bytesSent, bytesQueued } = publisher.stats;
    if (!isAnswered) arrived(bytesAcknowledged);
    // Nobody tells: what has left is all that is known.
    if (!isAnswered && bytesAcknowledged === 0 && now() > discardedMs / 2)
      arrived(bytesSent - bytesQueued);
    const lately = arrivals.filter(({ at }) => at > now() - underWayMs);
    return { bytes: arrivals.at(-1)?.bytes ?? 0, rate: rateBetween(lately) };
  }
}

interface Sending {
  readonly cap: number;
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly look: () => { readonly bytes: number; readonly rate: number | undefined };
}

async function send(publisher: Publisher, { cap, ms, signal, now, look }: Sending): Promise<void> {
  await publisher.writeMetadata({ width: 320, height: 180, framerate: 30 });
  for (const config of fillerConfigs) await publisher.write(config);
  const over = wait(ms, signal);
  let sounds = 0;
  let last = 0;
  for (let picture = 0; now() < ms && !signal.aborted; picture += 1) {
    const at = Math.round(now() * 1000);
    for (const frame of silentFrames(sounds, at)) {
      await publisher.write(frame);
      sounds += 1;
    }
    const { bytes, rate = firstRate / rise } = look();
    const wanted = Math.min(cap, rise * rate);
    const room = Math.max(leastUnderWay, (rate / 8_000) * underWayMs);
    const isFree = publisher.stats.bytesSent - bytes < room;
    const filler = isFree ? Math.round((wanted / 8_000) * (now() - last)) : 0;
    last = now();
    await Promise.race([
      publisher.write(fillerPicture(picture, at, Math.min(filler, mostFiller))),
      over,
    ]);
    await wait(Math.max(1, frameMs - (now() - last)), signal);
  }
}

const rateOf = (arrivals: readonly Arrival[]): number | undefined =>
  rateBetween(arrivals.filter(({ at }) => at >= discardedMs));

function rateBetween(arrivals: readonly Arrival[]): number | undefined {
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  if (!first || !last || last.at - first.at < 200) return undefined;
  return Math.round((8_000 * (last.bytes - first.bytes)) / (last.at - first.at));
}
