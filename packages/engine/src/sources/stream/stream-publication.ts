import type { EncodedPacket, FlvItem } from 'node-rtmp-client';
import type { MeasuredMedia, MediaSource, SourceStatus } from '../media-source.js';
import { maxHeldAudio } from '../opened-source.js';
import { StallWatch } from '../stall-watch.js';
import { StreamFacts, type StreamFormat } from './stream-format.js';
import type { StreamOrigin } from './stream-origin.js';

/** A publisher whose picture stands still for so long is taken for gone, though it is connected. Milliseconds. */
const defaultStallMs = 5_000;

/** So much sound without a picture, or the promise of one, is a stream of sound alone. Microseconds. */
const soundAloneUs = 3_000_000;

/**
 * What one publisher sends, from its first keyframe on: waits for a publisher, and ends with it, or when it gives no
 * picture any more. Whoever leaves before there was a picture was none.
 */
export class StreamPublication implements MediaSource {
  readonly name: string;
  readonly capturesLive = true;
  readonly #origin: StreamOrigin;
  readonly #stallMs: number;
  readonly #onFormat: (format: StreamFormat) => void;
  #facts = new StreamFacts();
  #state: 'waiting' | 'live' | 'ended' = 'waiting';
  #isSoundAlone = false;
  #isFormatTold = false;

  /**
   * @param onFormat told once it is known what its picture is like, after there was one.
   * @param stallMs for how long there may be no picture.
   */
  constructor(
    origin: StreamOrigin,
    onFormat: (format: StreamFormat) => void,
    stallMs = defaultStallMs,
  ) {
    this.#stallMs = stallMs;
    this.name = origin.name;
    this.#origin = origin;
    this.#onFormat = onFormat;
  }

  get state(): 'waiting' | 'live' | 'ended' {
    return this.#state;
  }

  get hasAudio(): boolean {
    return this.#state === 'waiting' || this.#facts.hasAudio;
  }

  get hasVideo(): boolean {
    return !this.#isSoundAlone;
  }

  /** Of it alone nobody can tell: what was lost, its origin counts. */
  get status(): SourceStatus {
    return { droppedFrames: 0 };
  }

  get measured(): MeasuredMedia {
    return this.#facts.measured;
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    try {
      while (!signal.aborted && this.#state === 'waiting') {
        this.#facts = new StreamFacts();
        yield* this.#once(signal);
      }
    } finally {
      if (this.#state === 'live') this.#state = 'ended';
    }
  }

  async *#once(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const over = new AbortController();
    const watch = new StallWatch({ first: this.#stallMs, next: this.#stallMs }, () => over.abort());
    const given = this.#origin.items(AbortSignal.any([signal, over.signal]));
    const items = given[Symbol.asyncIterator]();
    const held = new HeldBack();
    try {
      for (;;) {
        // Before there is a picture, whoever runs the server decides how long a publisher may take.
        const next =
          this.#state === 'live' ? await watch.waitFor(items.next()) : await items.next();
        if (next.done === true) break;
        const packet = this.#note(next.value);
        if (!packet) continue;
        if (this.#begins(packet, held)) {
          this.#state = 'live';
          yield* held.release();
        }
        if (this.#state === 'waiting') {
          held.keep(packet);
          continue;
        }
        if (packet.type === 'frame' && (packet.track === 'video' || this.#isSoundAlone))
          watch.pictureCame();
        yield packet;
        if (packet.type === 'config') this.#isFormatTold = false;
        if (this.#facts.isSettled) this.#tellFormat();
      }
      if (this.#state === 'live') this.#tellFormat();
    } finally {
      over.abort();
      await items.return?.();
    }
  }

  /** The packet of an item that is one of the default tracks; others no destination of one picture and one sound takes. */
  #note(item: FlvItem): EncodedPacket | undefined {
    if (item.type === 'metadata') this.#facts.noteMetadata(item);
    if (item.type !== 'packet' || (item.packet.trackId ?? 0) !== 0) return undefined;
    this.#facts.note(item.packet);
    return item.packet;
  }

  /** Whether `packet` is the first that a receiver can begin with. */
  #begins(packet: EncodedPacket, held: HeldBack): boolean {
    if (this.#state !== 'waiting' || packet.type === 'config') return false;
    if (packet.track === 'video') return packet.keyframe;
    this.#isSoundAlone = !this.#facts.hasVideo && packet.dts - held.soundSince > soundAloneUs;
    return this.#isSoundAlone;
  }

  #tellFormat(): void {
    const { format } = this.#facts;
    if (this.#isFormatTold || !format) return;
    this.#isFormatTold = true;
    this.#onFormat(format);
  }
}

/** What came before the first picture and belongs to it: the newest configurations, and some seconds of sound. */
class HeldBack {
  readonly #configs = new Map<EncodedPacket['track'], EncodedPacket>();
  #sound: EncodedPacket[] = [];
  #soundSince = Infinity;

  /** Decode time of the first sound, in microseconds. */
  get soundSince(): number {
    return this.#soundSince;
  }

  keep(packet: EncodedPacket): void {
    if (packet.type === 'config') {
      this.#configs.set(packet.track, packet);
    } else if (packet.track === 'audio') {
      this.#soundSince = Math.min(this.#soundSince, packet.dts);
      this.#sound = [...this.#sound.slice(1 - maxHeldAudio), packet];
    }
  }

  *release(): Generator<EncodedPacket, void, undefined> {
    yield* this.#configs.values();
    yield* this.#sound;
  }
}
