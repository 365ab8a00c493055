import type { SourcePresence } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type { MeasuredMedia, MediaSource, SourceStatus } from '../media-source.js';
import { SlateSource } from '../slate/slate-source.js';
import type { Slate } from '../slate/slate.js';
import { SourceSwitcher, type SourceEnd } from '../source-switcher.js';
import type { StreamFormat } from './stream-format.js';
import type { StreamOrigin } from './stream-origin.js';
import { StreamPublication } from './stream-publication.js';

export interface StreamSourceOptions {
  readonly origin: StreamOrigin;
  /** Makes the slate for a stream; resolves to undefined where there is none in its codecs. */
  readonly makeSlate: (format: StreamFormat) => Promise<Slate | undefined>;
  /** As of {@link StreamPublication}. */
  readonly stallMs?: number;
}

/**
 * A stream that somebody publishes, sent as it is, with a slate while its publisher is away. It has no end of its own.
 *
 * The slate is made as soon as the stream is known, so that it is there when it is needed.
 */
export class StreamSource implements PreparableSource {
  readonly name: string;
  readonly #o: StreamSourceOptions;
  readonly #switcher: SourceSwitcher;
  /** The one that is on, or was last. */
  #publication: StreamPublication;
  #slate: Promise<Slate | undefined> | undefined;
  #slateOf: string | undefined;
  #hasNoSlate = false;
  #wasLive = false;

  constructor(options: StreamSourceOptions) {
    this.#o = options;
    this.name = options.origin.name;
    this.#publication = this.#nextPublication();
    this.#switcher = new SourceSwitcher({
      name: this.name,
      first: this.#publication,
      after: (end) => this.#after(end),
    });
  }

  get hasAudio(): boolean {
    return this.#switcher.hasAudio;
  }

  get hasVideo(): boolean {
    return this.#switcher.hasVideo;
  }

  get capturesLive(): boolean {
    return this.#switcher.capturesLive;
  }

  get measured(): MeasuredMedia {
    return this.#publication.measured;
  }

  get status(): SourceStatus {
    return { droppedFrames: this.#o.origin.droppedFrames, presence: this.#presence };
  }

  /** There is nothing to look at before somebody publishes. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  packets(signal: AbortSignal): AsyncIterable<EncodedPacket> {
    return this.#switcher.packets(signal);
  }

  get #presence(): SourcePresence {
    const { current } = this.#switcher;
    if (current instanceof StreamPublication && current.state === 'live') return 'live';
    if (!this.#wasLive) return 'waiting';
    return this.#slate === undefined || this.#hasNoSlate ? 'paused' : 'slate';
  }

  /** The slate after a publisher; where there is none, nothing until the next one. */
  #after({ source }: SourceEnd): MediaSource | undefined {
    // It could not even wait.
    if (!(source instanceof StreamPublication) || source.state === 'waiting') return undefined;
    this.#wasLive = true;
    this.#awaitNext();
    return new SlateSource(this.#slate ?? Promise.resolve(undefined), source.hasAudio);
  }

  #awaitNext(): void {
    const next = this.#nextPublication();
    // The switcher waits for it, and is told not to only where the whole ends.
    void this.#switcher.switchTo(next).then(
      () => (this.#publication = next),
      () => undefined,
    );
  }

  #nextPublication(): StreamPublication {
    const { origin, stallMs } = this.#o;
    return new StreamPublication(origin, (format) => this.#prepareSlate(format), stallMs);
  }

  #prepareSlate(format: StreamFormat): void {
    const key = JSON.stringify({ ...format, sound: format.sound && [...format.sound.payload] });
    if (this.#slateOf === key) return;
    this.#slateOf = key;
    this.#hasNoSlate = false;
    const slate = this.#o.makeSlate(format);
    this.#slate = slate;
    void slate.then((made) => {
      if (this.#slate === slate) this.#hasNoSlate = made === undefined;
    });
  }
}
