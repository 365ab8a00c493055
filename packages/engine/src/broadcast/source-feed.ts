import { capturePhases, type Encoding, type Step, reason } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { Checklist } from '../checklist.js';
import { within } from 'node-rtmp-client/async';
import type { StreamDescription } from '../outputs/stream-description.js';
import type { MediaSource } from '../sources/media-source.js';
import { closeMs, maxHeldAudio, sourceEmpty } from '../sources/opened-source.js';
import { StreamFacts } from './stream-facts.js';

/** A source that promised sound and gave none for this many milliseconds goes on with its picture. */
const soundMs = 10_000;

/** Sound may come this much later than the picture before the wait for a video frame ends the broadcast's time. */
const audioAheadMs = 500;

export interface SourceFeedOptions {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  /** The program that makes the stream, as {@link StreamDescription} tells it. */
  readonly encoder: string;
  /** Media time after which the feed ends, in milliseconds. */
  readonly durationMs?: number;
  readonly onChange: () => void;
}

/**
 * Pulls a source at its own pace: packets on the broadcast's clock, in microseconds from zero. It keeps what a receiver
 * must know beforehand, and fills in the first lines of the checklist.
 */
export class SourceFeed {
  readonly #o: SourceFeedOptions;
  readonly #checklist: Checklist<(typeof capturePhases)[number]>;
  readonly #facts: StreamFacts;
  #sawKeyframe = false;
  #sawAudio = false;
  /** Decode time of the first keyframe, on the source's time. */
  #start: number | undefined;
  #heldConfigs: EncodedPacket[] = [];
  #heldAudio: EncodedPacket[] = [];
  #firstPacketAt: number | undefined;

  constructor(options: SourceFeedOptions) {
    this.#o = options;
    this.#facts = new StreamFacts(options);
    this.#checklist = new Checklist(capturePhases, options.onChange);
  }

  get steps(): Step[] {
    return this.#checklist.steps;
  }

  /** What the stream is by now; complete from the first keyframe on. */
  get description(): StreamDescription {
    return this.#facts.description;
  }

  /** The newest configuration of each track, as it must go before a frame at `dts` microseconds. */
  configsAt(dts: number): EncodedPacket[] {
    return this.#facts.configs.map((config) => ({ ...config, pts: dts, dts }));
  }

  /** Notes that the encoder was told another bitrate, in bits per second. */
  noteVideoBitrate(bitrate: number): void {
    this.#facts.noteVideoBitrate(bitrate);
  }

  /**
   * Everything from the first keyframe on, which is at zero: the sound before it is left out, so that every receiver
   * begins with a picture. Configurations come together with the frame after them, so that whoever begins with them
   * knows both tracks.
   *
   * Ends with the source, at `durationMs`, or soon after `signal` is aborted.
   *
   * @throws what the source throws; AppError `SOURCE_EMPTY` when it ends by itself before there was a picture.
   */
  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const { source, durationMs = Infinity } = this.#o;
    this.#checklist.start('camera');
    const ended = new AbortController();
    const given = source.packets(AbortSignal.any([signal, ended.signal]));
    const iterator = given[Symbol.asyncIterator]();
    try {
      while (!signal.aborted) {
        const next = await nextUntil(iterator, signal);
        if (next === undefined) return;
        if (next.done) {
          if (this.#start === undefined) throw sourceEmpty(source);
          return;
        }
        this.#note(next.value);
        for (const packet of this.#arrange(next.value)) {
          const beyondMs = packet.dts / 1000 - durationMs;
          const isLast = packet.track === 'video' || source.hasVideo === false;
          if (beyondMs >= (isLast ? 0 : audioAheadMs)) return;
          if (beyondMs < 0) yield packet;
        }
      }
    } catch (error) {
      this.#checklist.fail(undefined);
      throw error;
    } finally {
      ended.abort();
      await within(Promise.resolve(iterator.return?.()), closeMs);
    }
  }

  /** What may go on with this packet, on the broadcast's time. */
  #arrange(packet: EncodedPacket): EncodedPacket[] {
    if (packet.type === 'config') {
      const others = this.#heldConfigs.filter(({ track }) => track !== packet.track);
      this.#heldConfigs = [...others, packet];
      return [];
    }
    if (this.#start === undefined && !this.#isStart(packet)) {
      // Sound that was captured with the first picture may come before it.
      if (packet.track === 'audio') this.#heldAudio.push(packet);
      if (this.#heldAudio.length > maxHeldAudio) this.#heldAudio.shift();
      return [];
    }
    const start = (this.#start ??= packet.dts);
    const frames = [packet, ...this.#heldAudio].filter(({ dts }) => dts >= start);
    this.#heldAudio = [];
    const [first, ...others] = frames.map((frame) => ({
      ...frame,
      pts: frame.pts - start,
      dts: frame.dts - start,
    }));
    if (!first) return [];
    const { dts } = first;
    const configs = this.#heldConfigs.map((config) => ({ ...config, pts: dts, dts }));
    this.#heldConfigs = [];
    return [...configs, first, ...others];
  }

  /** Whether a receiver can begin with it. */
  #isStart({ track, keyframe }: EncodedPacket): boolean {
    return keyframe && (track === 'video' || this.#o.source.hasVideo === false);
  }

  #note(packet: EncodedPacket): void {
    this.#firstPacketAt ??= performance.now();
    const { current } = this.#checklist;
    if (current === 'camera') {
      this.#checklist.done('camera', this.#o.source.name);
      this.#checklist.start('encoder');
    }
    if (packet.type === 'config') this.#facts.noteConfig(packet);
    else {
      if (packet.track === 'audio') this.#sawAudio = true;
      if (this.#isStart(packet)) this.#sawKeyframe = true;
    }
    if (current !== 'encoder' || !this.#sawKeyframe) return;
    const isSilent = this.#o.source.hasAudio && !this.#sawAudio;
    const waitedMs = performance.now() - this.#firstPacketAt;
    if (!isSilent) this.#checklist.done('encoder', this.#describe());
    else if (waitedMs > soundMs)
      this.#checklist.done('encoder', reason('no-sound-yet', { facts: this.#describe() }));
  }

  #describe(): string {
    return this.#facts.inWords({ hasSound: this.#sawAudio });
  }
}

/** The next packet; `undefined` when `signal` is aborted, also of a source that does not heed it. */
async function nextUntil(
  iterator: AsyncIterator<EncodedPacket>,
  signal: AbortSignal,
): Promise<IteratorResult<EncodedPacket, unknown> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const abandoned = new Promise<undefined>((resolve) => {
    onAbort = () => (timer = setTimeout(() => resolve(undefined), closeMs));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const next = await Promise.race([iterator.next(), abandoned]);
    return signal.aborted ? undefined : next;
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
