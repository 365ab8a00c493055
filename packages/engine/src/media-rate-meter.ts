import type { EncodedPacket } from 'node-rtmp-client';

const windowMs = 2_000;
/** Of less than this nothing is told: a rate over a fraction of a second says nothing. */
const leastMs = 1_000;
/** As much lies between two packets. */
const gapMs = 100;

interface Sample {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  /** Milliseconds of media time. */
  readonly media: number;
  readonly frames: number;
  readonly bytes: number;
}

export interface MediaRates {
  /** Video frames per second. */
  readonly fps: number;
  /** Bits per second of picture and sound. */
  readonly bitrate: number;
}

/**
 * What `value` of the samples comes to a second, in the last two before `now` by one of their clocks; from sample to
 * sample, so that the edges of the window cost none.
 */
function perSecond(
  samples: readonly Sample[],
  clock: 'at' | 'media',
  value: 'frames' | 'bytes',
  now: number,
): number {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last) return 0;
  const begin = Math.max(now - windowMs, first[clock]);
  const before = samples.findLast((sample) => sample[clock] <= begin)?.[clock] ?? -Infinity;
  const from = before >= begin - leastMs ? before : begin;
  const ms = Math.max(last[clock], now - gapMs) - from;
  if (ms <= 0) return Infinity;
  const sum = samples.reduce((all, each) => (each[clock] > from ? all + each[value] : all), 0);
  return (sum * 1000) / ms;
}

/**
 * Rates of what goes by, over the last two seconds: the lower one of what went by in that time, and of what those media
 * take that are of the last two seconds. What piled up in a stall and goes by at once makes neither of them more than
 * the stream's own; what goes by slower than its times say, or not at all, is told as it is.
 */
export class MediaRateMeter {
  readonly #now: () => number;
  #first: Sample | undefined;
  /** Media time of the newest. */
  #newest = -Infinity;
  /** Those within the window by either clock, and one before it; oldest first. */
  #samples: Sample[] = [];

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add({ type, track, dts, payload }: EncodedPacket): void {
    const sample: Sample = {
      at: this.#now(),
      media: dts / 1000,
      frames: type === 'frame' && track === 'video' ? 1 : 0,
      bytes: payload.byteLength,
    };
    this.#first ??= sample;
    this.#newest = Math.max(this.#newest, sample.media);
    this.#samples.push(sample);
    const isPast = ({ at, media }: Sample): boolean =>
      at <= sample.at - windowMs && media <= this.#newest - windowMs;
    while (this.#samples[1] && isPast(this.#samples[1])) this.#samples.shift();
  }

  /** Begins anew. */
  reset(): void {
    this.#first = undefined;
    this.#newest = -Infinity;
    this.#samples = [];
  }

  /** `undefined` until a whole second has been measured. */
  get rates(): MediaRates | undefined {
    const now = this.#now();
    const first = this.#first;
    if (!first || now - first.at < leastMs) return undefined;
    const video = this.#samples.filter(({ frames }) => frames > 0);
    const lower = (samples: readonly Sample[], value: 'frames' | 'bytes'): number =>
      Math.min(
        perSecond(samples, 'at', value, now),
        perSecond(samples, 'media', value, this.#newest),
      );
    return { fps: lower(video, 'frames'), bitrate: 8 * lower(this.#samples, 'bytes') };
  }
}
