import { capturePhases, type Encoding, type Step } from '@tallylight/contract';
import {
  videoFormatOf,
  type AmfValue,
  type AudioPacket,
  type EncodedPacket,
  type VideoPacket,
} from 'node-rtmp-client';
import type { MediaSource } from '../sources/media-source.js';
import { Checklist } from './checklist.js';
import { within } from '../deadline.js';
import { Rebaser } from './rebaser.js';
import { streamMetadata } from '../outputs/flv-metadata.js';

/** A source that does not end when it is told to is left behind after this many milliseconds. */
const endMs = 5_000;

/** Some ten seconds of AAC frames. */
const maxHeldAudio = 500;

/** A source that promised sound and gave none for this many milliseconds goes on with its picture. */
const soundMs = 10_000;

/** Sound may come this much later than the picture before the wait for a video frame ends the broadcast's time. */
const audioAheadMs = 500;

const codecNames: Readonly<Record<EncodedPacket['codec'], string>> = {
  ...{ h264: 'H.264', hevc: 'HEVC', av1: 'AV1', vp8: 'VP8', vp9: 'VP9' },
  ...{ aac: 'AAC', opus: 'Opus', flac: 'FLAC', ac3: 'AC-3', eac3: 'E-AC-3', mp3: 'MP3' },
};

export interface CaptureFeedOptions {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  /** What onMetaData calls us. */
  readonly encoder: string;
  /** Media time after which the feed ends, in milliseconds. */
  readonly durationMs?: number;
  readonly onChange: () => void;
}

/**
 * Pulls a source at its own pace: packets on the broadcast's time, in whole milliseconds from zero. It keeps what a
 * receiver must know beforehand, and fills in the first lines of the checklist.
 */
export class CaptureFeed {
  readonly #o: CaptureFeedOptions;
  readonly #rebaser = new Rebaser();
  readonly #checklist: Checklist<(typeof capturePhases)[number]>;
  readonly #configs: { video?: VideoPacket; audio?: AudioPacket } = {};
  #sawKeyframe = false;
  #sawAudio = false;
  /** Decode time of the first keyframe, on the source's time. */
  #start: number | undefined;
  #heldConfigs: EncodedPacket[] = [];
  #heldAudio: EncodedPacket[] = [];
  #firstPacketAt: number | undefined;

  constructor(options: CaptureFeedOptions) {
    this.#o = options;
    this.#checklist = new Checklist(capturePhases, options.onChange);
  }

  get steps(): Step[] {
    return this.#checklist.steps;
  }

  /** The entries of onMetaData, complete from the first frame on. */
  metadata(): Record<string, AmfValue> {
    return streamMetadata(this.#configs, this.#o.encoding, this.#o.encoder);
  }

  /**
   * Everything from the first keyframe on, which is at zero: the sound before it is left out, so that every receiver
   * begins with a picture. Configurations come together with the frame after them, so that whoever begins with them
   * knows both tracks.
   *
   * Ends with the source, at `durationMs`, or soon after `signal` is aborted.
   *
   * @throws what the source throws.
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
        if (next === undefined || next.done) return;
        this.#note(next.value);
        for (const packet of this.#arrange(next.value)) {
          const beyondMs = packet.dts / 1000 - durationMs;
          if (beyondMs >= (packet.track === 'video' ? 0 : audioAheadMs)) return;
          if (beyondMs < 0) yield packet;
        }
      }
    } catch (error) {
      this.#checklist.fail(undefined);
      throw error;
    } finally {
      ended.abort();
      await within(Promise.resolve(iterator.return?.()), endMs);
    }
  }

  /** What may go on with this packet, on the broadcast's time. */
  #arrange(packet: EncodedPacket): EncodedPacket[] {
    if (packet.type === 'config') {
      const others = this.#heldConfigs.filter(({ track }) => track !== packet.track);
      this.#heldConfigs = [...others, packet];
      return [];
    }
    if (this.#start === undefined && !(packet.track === 'video' && packet.keyframe)) {
      // Sound that was captured with the first picture may come before it.
      if (packet.track === 'audio') this.#heldAudio.push(packet);
      if (this.#heldAudio.length > maxHeldAudio) this.#heldAudio.shift();
      return [];
    }
    const start = (this.#start ??= packet.dts);
    const frames = [packet, ...this.#heldAudio].filter(({ dts }) => dts >= start);
    this.#heldAudio = [];
    const [first, ...others] = frames.map((frame) => this.#rebaser.rebase(frame));
    if (!first) return [];
    const { dts } = first;
    const configs = this.#heldConfigs.map((config) => ({ ...config, pts: dts, dts }));
    this.#heldConfigs = [];
    return [...configs, first, ...others];
  }

  #note(packet: EncodedPacket): void {
    this.#firstPacketAt ??= performance.now();
    const { current } = this.#checklist;
    if (current === 'camera') {
      this.#checklist.done('camera', this.#o.source.name);
      this.#checklist.start('encoder');
    }
    if (packet.type === 'config') this.#noteConfig(packet);
    else if (packet.track === 'audio') this.#sawAudio = true;
    else if (packet.keyframe) this.#sawKeyframe = true;
    if (current !== 'encoder' || !this.#sawKeyframe) return;
    const isSilent = this.#o.source.hasAudio && !this.#sawAudio;
    const waitedMs = performance.now() - this.#firstPacketAt;
    if (!isSilent) this.#checklist.done('encoder', this.#describe());
    else if (waitedMs > soundMs)
      this.#checklist.done('encoder', `${this.#describe()}, no sound yet`);
  }

  #noteConfig(packet: EncodedPacket): void {
    if (packet.track === 'video') this.#configs.video = packet;
    else this.#configs.audio = packet;
  }

  #describe(): string {
    const { video, audio } = this.#configs;
    const size = video && videoFormatOf(video);
    const picture = codecNames[video?.codec ?? 'h264'];
    const sound = this.#sawAudio ? ` + ${codecNames[audio?.codec ?? 'aac']}` : '';
    return `${size ? `${size.width}×${size.height} ` : ''}${picture}${sound}`;
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
    onAbort = () => (timer = setTimeout(() => resolve(undefined), endMs));
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
