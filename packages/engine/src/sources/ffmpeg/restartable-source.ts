import type { Wording } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource, SourceControl, SourceStatus } from '../media-source.js';
import { SourceSwitcher } from '../source-switcher.js';

/** A source that can be examined before it runs. */
export interface PreparableSource extends MediaSource {
  /**
   * Looks at the file, the camera's formats and the encoders before anything runs; once, also when it is opened later.
   *
   * @throws AppError when one of them is already known not to do.
   */
  prepare(): Promise<unknown>;
}

/**
 * A source whose encoder cannot change its bitrate: another one is started beside it, and takes over at its first
 * keyframe. Viewers get the new configuration with it, and time goes on.
 */
export class RestartableSource implements PreparableSource {
  readonly name: Wording;
  readonly control: SourceControl;
  readonly #first: PreparableSource;
  readonly #create: (videoBitrate: number) => MediaSource;
  readonly #switcher: SourceSwitcher;
  /** What is wanted by now, while an encoder is on its way; orders may come faster than encoders start. */
  #wanted: number | undefined;
  #switching: Promise<void> | undefined;

  /** @param create makes the same source with another bitrate, in bits per second. */
  constructor(first: PreparableSource, create: (videoBitrate: number) => MediaSource) {
    this.name = first.name;
    this.#first = first;
    this.#create = create;
    this.#switcher = new SourceSwitcher({ name: first.name, first });
    this.control = {
      restartsEncoder: true,
      setVideoBitrate: (bitrate) => {
        this.#wanted = bitrate;
        this.#switching ??= this.#switch();
        return this.#switching;
      },
    };
  }

  get hasAudio(): boolean {
    return this.#switcher.hasAudio;
  }

  get capturesLive(): boolean {
    return this.#switcher.capturesLive;
  }

  get status(): SourceStatus {
    return this.#switcher.status;
  }

  prepare(): Promise<unknown> {
    return this.#first.prepare();
  }

  packets(signal: AbortSignal): AsyncIterable<EncodedPacket> {
    return this.#switcher.packets(signal);
  }

  /** Until the newest order is carried out. */
  async #switch(): Promise<void> {
    try {
      while (this.#wanted !== undefined) {
        const bitrate = this.#wanted;
        this.#wanted = undefined;
        await this.#switcher.switchTo(this.#create(bitrate), 'takeover');
      }
    } finally {
      this.#switching = undefined;
    }
  }
}
