import type { EncodedPacket } from 'node-rtmp-client';

/** When a recording goes on in another file: with the first keyframe at which the one before is full. */
export interface RecordingSplit {
  readonly seconds?: number | undefined;
  /** Of the encoded media, which the container makes a little more of. */
  readonly bytes?: number | undefined;
}

export type TimelineItem =
  { readonly type: 'packet'; readonly packet: EncodedPacket } | { readonly type: 'next-file' };

/** Frame times are rounded on their way: ten seconds of frames may be a little less. Microseconds. */
const rounding = 50_000;
/** The length of a frame behind which no other came yet. Microseconds. */
const usualStep = 40_000;
/** No frame lasts longer where a pause is cut out. Microseconds. */
const longestStep = 1_000_000;

/**
 * What of a stream goes into a recording, and when: cuts pauses out and divides the rest into files. Every file begins at
 * zero, with a keyframe behind the configurations of all tracks. A pure function of what it is given; all times are
 * microseconds.
 */
export class RecordingTimeline {
  readonly #split: RecordingSplit;
  #state: 'running' | 'paused' | 'resuming' = 'running';
  readonly #configs = new Map<EncodedPacket['track'], EncodedPacket>();
  /** Those that changed while nothing was recorded. */
  readonly #unwritten = new Set<EncodedPacket['track']>();
  /** Of each track, on the recording's time. */
  readonly #ends = new Map<EncodedPacket['track'], { last: number; step: number }>();
  #hasVideo = false;
  /** What is taken off the times of the stream: the pauses. */
  #cut = 0;
  /** On the recording's time; undefined before the first packet. */
  #fileStart: number | undefined;
  #start = 0;
  #fileBytes = 0;
  /** Since the newest keyframe, and of the largest group of pictures so far. */
  #groupBytes = 0;
  #largestGroup = 0;

  constructor(split: RecordingSplit = {}) {
    this.#split = split;
  }

  /** Also while a keyframe is waited for to go on with. */
  get isPaused(): boolean {
    return this.#state !== 'running';
  }

  /** Milliseconds that are recorded so far, in all files. */
  get durationMs(): number {
    return this.#ends.size === 0 ? 0 : (this.#end() - this.#start) / 1000;
  }

  pause(): void {
    this.#state = 'paused';
  }

  /** Goes on with the next keyframe. */
  resume(): void {
    if (this.#state === 'paused') this.#state = 'resuming';
  }

  push(packet: EncodedPacket): TimelineItem[] {
    this.#hasVideo ||= packet.track === 'video';
    if (packet.type === 'config') return this.#config(packet);
    const canBegin = packet.keyframe && (packet.track === 'video' || !this.#hasVideo);
    if (this.#state === 'paused' || (this.#state === 'resuming' && !canBegin)) return [];
    const configs: EncodedPacket[] = [];
    if (this.#state === 'resuming') {
      this.#state = 'running';
      if (this.#ends.size > 0) this.#cut = packet.dts - this.#end();
      configs.push(...[...this.#unwritten].flatMap((track) => this.#configs.get(track) ?? []));
      this.#unwritten.clear();
    }
    const at = packet.dts - this.#cut;
    const items: TimelineItem[] = [];
    if (canBegin) {
      this.#largestGroup = Math.max(this.#largestGroup, this.#groupBytes);
      this.#groupBytes = 0;
      if (this.#isFull(at)) {
        items.push({ type: 'next-file' });
        this.#fileStart = at;
        this.#fileBytes = 0;
        configs.splice(0, Infinity, ...this.#configs.values());
      }
    }
    for (const config of configs)
      items.push(this.#placed({ ...config, dts: packet.dts, pts: packet.dts }));
    this.#note(packet, at);
    items.push(this.#placed(packet));
    return items;
  }

  #config(packet: EncodedPacket): TimelineItem[] {
    this.#configs.set(packet.track, packet);
    if (this.#state === 'running') return [this.#placed(packet)];
    this.#unwritten.add(packet.track);
    return [];
  }

  #placed(packet: EncodedPacket): TimelineItem {
    const at = packet.dts - this.#cut;
    if (this.#fileStart === undefined) this.#start = this.#fileStart = at;
    const moved = this.#cut + this.#fileStart;
    // Sound that comes behind the keyframe at which the file begins may be a little older.
    const dts = Math.max(0, packet.dts - moved);
    return { type: 'packet', packet: { ...packet, dts, pts: Math.max(0, packet.pts - moved) } };
  }

  #note({ track, payload }: EncodedPacket, at: number): void {
    const known = this.#ends.get(track);
    const step = known === undefined ? usualStep : at - known.last;
    const isUsual = step > 0 && step <= longestStep;
    this.#ends.set(track, { last: at, step: isUsual ? step : (known?.step ?? usualStep) });
    this.#fileBytes += payload.byteLength;
    this.#groupBytes += payload.byteLength;
  }

  /** Where the newest frame of all ends, on the recording's time. */
  #end(): number {
    return Math.max(...[...this.#ends.values()].map(({ last, step }) => last + step));
  }

  /** By its size a file is full where the next group of pictures may be too much for it. */
  #isFull(at: number): boolean {
    if (this.#fileStart === undefined || this.#fileBytes === 0) return false;
    const { seconds = Infinity, bytes = Infinity } = this.#split;
    if (at - this.#fileStart + rounding >= seconds * 1_000_000) return true;
    return this.#fileBytes + this.#largestGroup > bytes;
  }
}
