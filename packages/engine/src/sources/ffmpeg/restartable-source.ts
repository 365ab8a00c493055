import type { EncodedPacket } from 'node-rtmp-client';
import type { Logger } from '../../logger.js';
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
  readonly name: string;
  readonly control: SourceControl;
  readonly #first: PreparableSource;
  readonly #switcher: SourceSwitcher;

  /** @param create makes the same source with another bitrate, in bits per second. */
  constructor(
    first: PreparableSource,
    create: (videoBitrate: number) => MediaSource,
    logger: Logger,
  ) {
    this.name = first.name;
    this.#first = first;
    this.#switcher = new SourceSwitcher({ name: first.name, first });
    this.control = {
      setVideoBitrate: (bitrate) => {
        this.#switcher.switchTo(create(bitrate)).catch((error: unknown) => {
          logger.warn({ err: error, bitrate }, 'the bitrate stays as it was');
        });
      },
    };
  }

  get hasAudio(): boolean {
    return this.#switcher.hasAudio;
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
}
