import { appError, reason, type Wording } from '@tallylight/contract';
import { videoFormatOf, type EncodedPacket } from 'node-rtmp-client';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type {
  MeasuredMedia,
  MediaSource,
  PlaybackControl,
  SourceControl,
  SourceStatus,
} from '../media-source.js';
import { sourceEmpty } from '../opened-source.js';
import { Pace } from '../pace.js';
import { SlateSource } from '../slate/slate-source.js';
import type { Slate } from '../slate/slate.js';
import { SourceSwitcher, type SourceEnd } from '../source-switcher.js';
import type { StreamFormat } from '../stream/stream-format.js';
import type { FileList, PlayableFile } from './file-list.js';
import { FilePart, UpcomingPart } from './file-part.js';

/** Gets the small pictures of a file; see {@link PreviewSink}. */
type Sink = (jpeg: Uint8Array, peakDb: number) => void;

export interface FilesSourceOptions {
  readonly list: FileList;
  /** Frames per second of what is encoded. */
  readonly fps: number;
  readonly open: (file: PlayableFile, startMs: number, onPreview: Sink) => PreparableSource;
  /** Makes the slate that is shown in pauses; resolves to undefined where there is none in these codecs. */
  readonly makeSlate: (format: StreamFormat) => Promise<Slate | undefined>;
  /** Gets pictures of what viewers see, but for slates. */
  readonly onPreview?: Sink;
  /** Makes pictures of a file that is sent as it is, until `signal` is aborted. */
  readonly previewCopy: (
    file: PlayableFile,
    startMs: number,
    onPreview: Sink,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** Behind the last picture there is nothing to begin with. Milliseconds. */
const leastLeftMs = 500;
/** How often listeners are told how far it is. Milliseconds. */
const tellEveryMs = 500;

/** A file that is opened before its turn. */
interface Ahead {
  /** What it was opened as, to see whether it still is what comes next. */
  readonly key: string;
  readonly file: PlayableFile;
  readonly cancel: AbortController;
  readonly coming: Promise<FilePart | undefined>;
}

/**
 * The files of a list one after the other, on one clock, which can be led while they are on: the next one, another place,
 * a pause. What is asked for is opened while the one before goes on, and cut in at its first keyframe; see
 * {@link SourceSwitcher}. In pauses viewers get a slate and silence.
 *
 * The next file is opened ahead and would give what it has read by then in a burst: the whole has a pace of its own.
 */
export class FilesSource implements MediaSource {
  readonly name: Wording;
  readonly hasAudio = true;
  readonly control: SourceControl;
  readonly #o: FilesSourceOptions;
  #switcher: SourceSwitcher | undefined;
  #signal = AbortSignal.abort();
  /** The file that is on, or that is paused. */
  #part: FilePart | undefined;
  /** What gives packets: the part, or a slate. */
  #on: MediaSource | undefined;
  /** In milliseconds of the file; undefined while it is not paused. */
  #pausedAt: number | undefined;
  #ahead: Ahead | undefined;
  #copyPreview = new AbortController();
  #config: EncodedPacket | undefined;
  #sound: EncodedPacket | undefined;
  #slate: { readonly key: string; readonly made: Promise<Slate | undefined> } | undefined;
  #lastFailure: Error | undefined;
  #toldAt = 0;
  /** Commands are carried out one after the other. */
  #commands: Promise<unknown> = Promise.resolve();

  constructor(options: FilesSourceOptions) {
    this.#o = options;
    const { length } = options.list;
    const first = options.list.following(undefined);
    this.name = length === 1 && first ? first.name : reason('several-files', { number: length });
    const command =
      <Args extends unknown[]>(run: (...args: Args) => Promise<void>) =>
      (...args: Args): Promise<void> => {
        const done = this.#commands.then(() => run(...args));
        this.#commands = done.catch(() => undefined);
        return done;
      };
    const playback: PlaybackControl = {
      next: command(() => this.#next()),
      seek: command((positionMs: number) => this.#seek(positionMs)),
      pause: command(() => this.#pause()),
      resume: command(() => this.#resume()),
    };
    this.control = { playback };
  }

  get status(): SourceStatus {
    return this.#switcher?.status ?? { droppedFrames: 0 };
  }

  get measured(): MeasuredMedia | undefined {
    return this.#part?.measured;
  }

  /** @throws AppError `FILE_LIST_EMPTY`, or why the last of its files cannot be played, where none can. */
  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const { list } = this.#o;
    const over = new AbortController();
    this.#signal = AbortSignal.any([signal, over.signal]);
    const unsubscribe = list.onChange(() => this.#lookAhead());
    const isOver = (): boolean => signal.aborted;
    const pace = new Pace();
    try {
      const first = await this.#openFrom(list.following(undefined), this.#signal);
      if (isOver()) return;
      if (!first) throw this.#lastFailure ?? appError('FILE_LIST_EMPTY', {}, { phase: 'camera' });
      const switcher = new SourceSwitcher({
        ...{ name: this.name, first },
        after: (end) => this.#after(end),
      });
      this.#switcher = switcher;
      for await (const packet of switcher.packets(this.#signal)) {
        if (packet.type === 'frame') await pace.wait(packet.dts, signal);
        if (isOver()) return;
        this.#note(packet, switcher.current);
        yield packet;
      }
    } catch (error) {
      // The files behind what was sent have failed, and that is told beside them.
      if (this.#part === undefined) throw error;
    } finally {
      over.abort();
      unsubscribe();
      await this.#dropAhead();
      list.notePlayback(undefined);
    }
  }

  #note(packet: EncodedPacket, current: MediaSource): void {
    if (packet.type === 'config') {
      if (packet.track === 'video') this.#config = packet;
      else this.#sound = packet;
    }
    if (current !== this.#on) {
      this.#on = current;
      this.#begun(current);
    } else if (performance.now() - this.#toldAt > tellEveryMs) this.#tell();
  }

  #begun(current: MediaSource): void {
    this.#copyPreview.abort();
    const part = current instanceof UpcomingPart ? current.part : current;
    if (part instanceof FilePart) {
      this.#part = part;
      this.#pausedAt = undefined;
      this.#o.list.noteError(part.file.id, undefined);
      if (part.file.copy) this.#previewCopy(part);
    } else this.#pausedAt = this.#part?.positionMs ?? 0;
    this.#tell();
    this.#lookAhead();
  }

  #previewCopy({ file, positionMs }: FilePart): void {
    const { onPreview, previewCopy } = this.#o;
    if (!onPreview) return;
    this.#copyPreview = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#copyPreview.signal]);
    void previewCopy(file, positionMs, onPreview, signal);
  }

  #tell(): void {
    if (!this.#part) return;
    this.#toldAt = performance.now();
    this.#o.list.notePlayback({
      id: this.#part.file.id,
      positionMs: this.#pausedAt ?? this.#part.positionMs,
      isPaused: this.#pausedAt !== undefined,
      isCopied: this.#part.file.copy,
    });
  }

  /** Opens what comes next, if that is not what is open already. */
  #lookAhead(): void {
    if (!this.#part || this.#signal.aborted) return;
    const file = this.#o.list.following(this.#part.file.id);
    const key = file && keyOf(file);
    if (this.#ahead?.key === key) return;
    void this.#dropAhead();
    if (!file || key === undefined) return;
    const cancel = new AbortController();
    const signal = AbortSignal.any([this.#signal, cancel.signal]);
    this.#ahead = { key, file, cancel, coming: this.#openFrom(file, signal) };
  }

  async #dropAhead(): Promise<void> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    ahead?.cancel.abort();
    await (await ahead?.coming)?.close();
  }

  #takeAhead(): Ahead | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead;
  }

  #after({ source }: SourceEnd): MediaSource | undefined {
    // Nothing came of it: what was left of the list could not be played.
    if (source instanceof UpcomingPart && !source.part) return undefined;
    const ahead = this.#takeAhead();
    return ahead && new UpcomingPart(ahead.file.name, ahead.coming);
  }

  /** The first that can be played, from `file` on; undefined where there is none up to the end, or in one whole round. */
  async #openFrom(
    file: PlayableFile | undefined,
    signal: AbortSignal,
    wrap?: boolean,
  ): Promise<FilePart | undefined> {
    const { list } = this.#o;
    const isOver = (): boolean => signal.aborted;
    let next = file;
    for (let left = list.length; next && left > 0 && !isOver(); left -= 1) {
      try {
        return await this.#open(next.id, 0, signal);
      } catch (error) {
        if (isOver()) return undefined;
        this.#failed(next.id, error);
      }
      next = list.following(next.id, wrap);
    }
    return undefined;
  }

  /** @throws AppError why it cannot be played from there. */
  async #open(id: string, startMs: number, signal: AbortSignal): Promise<FilePart> {
    const file = await this.#o.list.playable(id);
    if (!file) throw appError('FILE_LIST_EMPTY', {}, { phase: 'camera' });
    const last = Math.max(0, (file.durationMs ?? Infinity) - leastLeftMs);
    const from = Math.min(startMs, last);
    const part: FilePart = new FilePart(
      file,
      from,
      this.#o.open(file, from, (jpeg, peakDb) => {
        if (part === this.#part && this.#pausedAt === undefined) this.#o.onPreview?.(jpeg, peakDb);
      }),
      (error) => this.#failed(id, error),
    );
    await part.open(this.#sound, signal);
    return part;
  }

  #failed(id: string, error: unknown): void {
    this.#lastFailure = error instanceof Error ? error : new Error(String(error));
    this.#o.list.noteError(id, error);
  }

  async #next(): Promise<void> {
    const { part } = this.#running();
    const { list } = this.#o;
    const following = list.following(part.file.id, true);
    const ahead =
      this.#ahead?.key === (following && keyOf(following)) ? this.#takeAhead() : undefined;
    const next = ahead ? await ahead.coming : await this.#openFrom(following, this.#signal, true);
    if (!next) throw this.#lastFailure ?? sourceEmpty(this);
    await this.#switchTo(next);
  }

  async #seek(positionMs: number): Promise<void> {
    const { part } = this.#running();
    if (this.#pausedAt === undefined) {
      await this.#switchTo(await this.#open(part.file.id, positionMs, this.#signal));
      return;
    }
    this.#pausedAt = Math.min(positionMs, part.file.durationMs ?? Infinity);
    this.#tell();
  }

  async #pause(): Promise<void> {
    this.#running();
    if (this.#pausedAt !== undefined) return;
    const slate = await this.#slateOf();
    if (!slate) throw appError('ENCODER_FAILED', { reason: reason('no-encoder-works') });
    await this.#switchTo(new SlateSource(Promise.resolve(slate), true));
  }

  async #resume(): Promise<void> {
    const { part } = this.#running();
    if (this.#pausedAt === undefined) return;
    try {
      await this.#switchTo(await this.#open(part.file.id, this.#pausedAt, this.#signal));
    } catch (error) {
      this.#failed(part.file.id, error);
      throw error;
    }
  }

  /** @throws AppError `NOT_PLAYING` */
  #running(): { readonly part: FilePart; readonly switcher: SourceSwitcher } {
    const [part, switcher] = [this.#part, this.#switcher];
    if (!part || !switcher || this.#signal.aborted) throw appError('NOT_PLAYING');
    return { part, switcher };
  }

  async #switchTo(source: FilePart | SlateSource): Promise<void> {
    try {
      await this.#running().switcher.switchTo(source);
    } catch (error) {
      if (source instanceof FilePart) await source.close();
      throw error;
    }
  }

  /** The slate for what is on; made when it is first needed, for most lists never. */
  #slateOf(): Promise<Slate | undefined> {
    const config = this.#config;
    const size = config?.track === 'video' ? videoFormatOf(config) : undefined;
    if (config?.track !== 'video' || !size) return Promise.resolve(undefined);
    const sound = this.#sound?.track === 'audio' ? this.#sound : undefined;
    const { width, height } = size;
    const fps = this.#part?.measured?.fps ?? this.#o.fps;
    const format = { codec: config.codec, width, height, fps, hasAudio: true };
    const key = JSON.stringify({ ...format, sound: sound && [...sound.payload] });
    if (this.#slate?.key !== key) {
      const made = this.#o.makeSlate({ ...format, ...(sound && { sound }) });
      this.#slate = { key, made };
    }
    return this.#slate.made;
  }
}

const keyOf = ({ id, copy }: PlayableFile): string => `${id} ${copy ? 'copied' : 'encoded'}`;
