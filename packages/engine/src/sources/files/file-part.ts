import type { EncodedPacket } from 'node-rtmp-client';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type { MeasuredMedia, MediaSource, SourceStatus } from '../media-source.js';
import { OpenedSource } from '../opened-source.js';
import { withSilence } from '../silence.js';
import type { PlayableFile } from './file-list.js';

/** A file, from some place of it to its end, which is opened before its turn. */
export class FilePart implements MediaSource {
  readonly name: string;
  /** A file without sound is silent: what comes behind it may have some, and players wait for what has come once. */
  readonly hasAudio = true;
  readonly file: PlayableFile;
  readonly #startMs: number;
  readonly #source: PreparableSource;
  readonly #onFailure: (error: unknown) => void;
  #opened: OpenedSource | undefined;
  #head: readonly EncodedPacket[] = [];
  /** Decode times of its first and its newest picture, in microseconds. */
  #first: number | undefined;
  #newest = 0;

  /** @param onFailure told why it ended before its end. */
  constructor(
    file: PlayableFile,
    startMs: number,
    source: PreparableSource,
    onFailure: (error: unknown) => void,
  ) {
    this.name = file.name;
    this.file = file;
    this.#startMs = startMs;
    this.#source = source;
    this.#onFailure = onFailure;
  }

  get status(): SourceStatus {
    return { droppedFrames: this.#source.status.droppedFrames };
  }

  get measured(): MeasuredMedia | undefined {
    return this.#source.measured;
  }

  /** Where it is by now, in milliseconds of the file. */
  get positionMs(): number {
    const playedUs = this.#first === undefined ? 0 : this.#newest - this.#first;
    return Math.round(this.#startMs + playedUs / 1000);
  }

  /**
   * Reads up to its first picture, so that nobody waits for it when its turn has come.
   *
   * @param sound the configuration of the sound before it.
   * @throws AppError why it cannot be played.
   */
  async open(sound: EncodedPacket | undefined, signal: AbortSignal): Promise<void> {
    await this.#source.prepare();
    const source = this.#source.hasAudio ? this.#source : withSilence(this.#source, sound);
    this.#opened = new OpenedSource(source, signal);
    try {
      this.#head = await this.#opened.readHead();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Ends with the file, also where that fails in the middle. */
  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const opened = this.#opened;
    if (!opened) return;
    const close = (): void => void opened.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      for (const packet of this.#head) yield this.#note(packet);
      for (;;) {
        const next = await opened.next();
        opened.consumed();
        if (next.done === true) return;
        yield this.#note(next.value);
      }
    } catch (error) {
      if (!signal.aborted) this.#onFailure(error);
    } finally {
      signal.removeEventListener('abort', close);
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  #note(packet: EncodedPacket): EncodedPacket {
    if (packet.track === 'video' && packet.type === 'frame') {
      this.#first ??= packet.dts;
      this.#newest = packet.dts;
    }
    return packet;
  }
}

/** What comes next, while it is still being opened. */
export class UpcomingPart implements MediaSource {
  readonly name: string;
  readonly hasAudio = true;
  readonly #coming: Promise<FilePart | undefined>;
  #part: FilePart | undefined;

  constructor(name: string, coming: Promise<FilePart | undefined>) {
    this.name = name;
    this.#coming = coming;
  }

  get part(): FilePart | undefined {
    return this.#part;
  }

  get status(): SourceStatus {
    return this.#part?.status ?? { droppedFrames: 0 };
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    this.#part = await this.#coming;
    if (this.#part) yield* this.#part.packets(signal);
  }
}
