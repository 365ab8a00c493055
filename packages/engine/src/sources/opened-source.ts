import { appError } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import type { MediaSource } from './media-source.js';

/** Some ten seconds of AAC frames. */
export const maxHeldAudio = 500;

/** A source that does not end when it is told to is left behind after this many milliseconds. */
export const closeMs = 5_000;

/** A source that ended by itself before there was a picture has failed. */
export const sourceEmpty = ({ name }: Pick<MediaSource, 'name'>): Error =>
  appError('SOURCE_EMPTY', { source: name }, { phase: 'camera' });

/** A source that is being read. */
export class OpenedSource {
  readonly source: MediaSource;
  readonly #cancel = new AbortController();
  readonly #iterator: AsyncIterator<EncodedPacket, unknown>;
  #pull: Promise<IteratorResult<EncodedPacket, unknown>> | undefined;
  #closing: Promise<unknown> | undefined;

  constructor(source: MediaSource, signal: AbortSignal) {
    this.source = source;
    const over = AbortSignal.any([signal, this.#cancel.signal]);
    this.#iterator = source.packets(over)[Symbol.asyncIterator]();
  }

  /** The next packet, the same one until {@link consumed}. */
  next(): Promise<IteratorResult<EncodedPacket, unknown>> {
    this.#pull ??= this.#iterator.next();
    return this.#pull;
  }

  consumed(): void {
    this.#pull = undefined;
  }

  /**
   * Reads up to the first keyframe, or the first sound where there is no picture.
   *
   * @returns the configurations, the keyframe, and the sound that belongs behind it.
   * @throws what the source throws; AppError `SOURCE_EMPTY` when it ends before there is a picture.
   */
  async readHead(): Promise<readonly EncodedPacket[]> {
    const configs: EncodedPacket[] = [];
    let sound: EncodedPacket[] = [];
    for (;;) {
      const next = await this.next();
      this.consumed();
      if (next.done === true) {
        throw sourceEmpty(this.source);
      }
      const packet = next.value;
      const leads = packet.track === (this.source.hasVideo === false ? 'audio' : 'video');
      if (packet.type === 'config') configs.push(packet);
      else if (leads && packet.keyframe) {
        return [...configs, packet, ...sound.filter(({ dts }) => dts >= packet.dts)];
      } else if (packet.track === 'audio') sound = [...sound.slice(-maxHeldAudio), packet];
    }
  }

  /** Ends it; resolves, within a deadline, when it has ended. */
  close(): Promise<unknown> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cancel.abort();
    // Whoever reads it has been told already; what it may still say is of no interest.
    const returned = Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
    await within(returned, closeMs);
  }
}
