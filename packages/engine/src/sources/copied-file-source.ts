import { basename } from 'node:path';
import type { EncodedPacket } from 'node-rtmp-client';
import type { PreparableSource } from './ffmpeg/restartable-source.js';
import { isFlvFile } from './flv-file/examine-flv-file.js';
import { FlvFileSource } from './flv-file/flv-file-source.js';
import type { MeasuredMedia, SourceStatus } from './media-source.js';

/** A file that is sent as it is: FLV read here, everything else by ffmpeg. Which it is, its first bytes say. */
export class CopiedFileSource implements PreparableSource {
  readonly name: string;
  readonly #path: string;
  readonly #byFfmpeg: () => PreparableSource;
  #chosen: PreparableSource | undefined;
  #choosing: Promise<PreparableSource> | undefined;

  constructor(path: string, byFfmpeg: () => PreparableSource) {
    this.name = basename(path);
    this.#path = path;
    this.#byFfmpeg = byFfmpeg;
  }

  /** Like {@link hasVideo} a guess until it is prepared. */
  get hasAudio(): boolean {
    return this.#chosen?.hasAudio ?? true;
  }

  get hasVideo(): boolean {
    return this.#chosen?.hasVideo ?? true;
  }

  get status(): SourceStatus {
    return this.#chosen?.status ?? { droppedFrames: 0 };
  }

  get measured(): MeasuredMedia {
    return this.#chosen?.measured ?? {};
  }

  async prepare(): Promise<void> {
    const source = await this.#choose();
    await source.prepare();
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const source = await this.#choose();
    yield* source.packets(signal);
  }

  #choose(): Promise<PreparableSource> {
    this.#choosing ??= isFlvFile(this.#path).then((isFlv) => {
      this.#chosen = isFlv ? new FlvFileSource(this.#path) : this.#byFfmpeg();
      return this.#chosen;
    });
    return this.#choosing;
  }
}
