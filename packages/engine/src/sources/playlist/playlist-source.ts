import { basename } from 'node:path';
import { reason, type AppErrorInfo, type Reason, type Wording } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { toErrorInfo } from '../../app-error.js';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type { MeasuredMedia, SourceStatus } from '../media-source.js';
import { closeMs, OpenedSource } from '../opened-source.js';
import { Pace } from '../pace.js';
import { Splicer } from '../splicer.js';
import { examineFiles, type ExaminedFiles } from './examine-files.js';
import { withSilence } from '../silence.js';

/** Who is told how a playlist goes. */
export interface PlaylistListener {
  /** A file is on; `number` counts from 1. */
  readonly onFile?: (file: string, number: number) => void;
  /** A file is left out, or was not sent whole; told once, however often it comes. */
  readonly onFailure?: (error: AppErrorInfo) => void;
}

export interface PlaylistOptions extends PlaylistListener {
  /** Paths, at least one. */
  readonly files: readonly string[];
  /** Begin again at the end, for ever. */
  readonly loop: boolean;
  readonly open: (path: string) => PreparableSource;
}

/** A file whose turn is next, read up to its first picture. */
interface Turn {
  readonly file: string;
  readonly number: number;
  readonly source: PreparableSource;
  readonly opened: OpenedSource;
  readonly head: readonly EncodedPacket[];
}

/**
 * Files one after the other, as one source on one clock: each begins where the picture of the one before ended. What
 * cannot be read is left out, and the rest goes on.
 *
 * The next file is opened while one is on, so that nobody waits between them. What that has read by then it would give in
 * a burst: the playlist has a pace of its own.
 */
export class PlaylistSource implements PreparableSource {
  readonly name: Wording;
  readonly #o: PlaylistOptions;
  readonly #told = new Set<string>();
  #examined: ExaminedFiles | undefined;
  #prepared: Promise<ExaminedFiles> | undefined;
  #on: PreparableSource | undefined;
  #droppedBefore = 0;
  /** The configuration of the newest sound. */
  #sound: EncodedPacket | undefined;
  #lastFailure: unknown;

  constructor(options: PlaylistOptions) {
    const { files } = options;
    const [first = ''] = files;
    this.name =
      new Set(files).size > 1 ? reason('several-files', { number: files.length }) : basename(first);
    this.#o = options;
  }

  /** Like {@link hasVideo} a guess until it is prepared. */
  get hasAudio(): boolean {
    return this.#examined?.hasAudio ?? true;
  }

  get hasVideo(): boolean {
    return this.#examined?.hasVideo ?? true;
  }

  get status(): SourceStatus {
    const notes: readonly Reason[] = this.#examined?.notes ?? [];
    return {
      droppedFrames: this.#droppedBefore + (this.#on?.status.droppedFrames ?? 0),
      ...(notes.length > 0 && { notes }),
    };
  }

  get measured(): MeasuredMedia | undefined {
    return (this.#on ?? this.#examined?.first)?.measured;
  }

  /**
   * @throws AppError where no file can be sent; FILE_NOT_COPYABLE, CODEC_NOT_COPYABLE, NO_VIDEO where one cannot be sent
   *   as it is, or not behind the others.
   */
  prepare(): Promise<ExaminedFiles> {
    this.#prepared ??= this.#prepare();
    return this.#prepared;
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    await this.prepare();
    const over = new AbortController();
    const wanted = AbortSignal.any([signal, over.signal]);
    const isOver = (): boolean => signal.aborted;
    const [splicer, pace, order] = [new Splicer(), new Pace(), this.#order()];
    let next = this.#openNext(order, wanted);
    try {
      for (;;) {
        const turn = await next;
        if (isOver()) return;
        if (turn === undefined) {
          // A list without an end has failed when there is one.
          if (this.#o.loop || this.#on === undefined) throw this.#lastFailure;
          return;
        }
        this.#droppedBefore += this.#on?.status.droppedFrames ?? 0;
        this.#on = turn.source;
        next = this.#openNext(order, wanted);
        this.#o.onFile?.(turn.file, turn.number);
        for await (const packet of this.#play(turn, splicer)) {
          if (packet.type === 'frame') await pace.wait(packet.dts, signal);
          if (isOver()) return;
          yield packet;
        }
      }
    } finally {
      over.abort();
      const last = await within(next, closeMs);
      if (last !== 'late') await last?.opened.close();
    }
  }

  async #prepare(): Promise<ExaminedFiles> {
    const { files, open } = this.#o;
    const examined = await examineFiles(files, open);
    this.#examined = examined;
    for (const failure of examined.failures) this.#fail(failure);
    return examined;
  }

  *#order(): Generator<number, void, undefined> {
    do {
      yield* this.#o.files.keys();
    } while (this.#o.loop);
  }

  /** The next file that has something to send; undefined where there is none until the end, or in one whole round. */
  async #openNext(order: Iterator<number>, signal: AbortSignal): Promise<Turn | undefined> {
    let left = this.#o.files.length;
    while (left > 0 && !signal.aborted) {
      const at = order.next();
      if (at.done === true) return undefined;
      const turn = await this.#open(at.value, signal);
      if (turn) return turn;
      left -= 1;
    }
    return undefined;
  }

  async #open(index: number, signal: AbortSignal): Promise<Turn | undefined> {
    const file = this.#o.files[index] ?? '';
    // What was examined is opened once. One that failed then may be there by now.
    const source = this.#examined?.take(index) ?? this.#o.open(file);
    let opened: OpenedSource | undefined;
    try {
      await source.prepare();
      const lacksSound = this.#examined?.fillsSilence === true && !source.hasAudio;
      opened = new OpenedSource(lacksSound ? withSilence(source, this.#sound) : source, signal);
      const head = await opened.readHead();
      this.#noteSound(head);
      return { file, number: index + 1, source, opened, head };
    } catch (error) {
      await opened?.close();
      if (!signal.aborted) this.#fail(error);
      return undefined;
    }
  }

  /** A file from its head to its end, which may be a failure. */
  async *#play({ opened, head }: Turn, splicer: Splicer): AsyncGenerator<EncodedPacket, void> {
    try {
      yield* splicer.cutIn(head);
      for (;;) {
        const next = await opened.next();
        opened.consumed();
        if (next.done === true) return;
        const placed = splicer.place(next.value);
        if (placed) yield placed;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      await opened.close();
    }
  }

  #noteSound(packets: readonly EncodedPacket[]): void {
    this.#sound =
      packets.findLast(({ type, track }) => type === 'config' && track === 'audio') ?? this.#sound;
  }

  #fail(error: unknown): void {
    this.#lastFailure = error;
    const info = toErrorInfo(error);
    const key = JSON.stringify(info);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#o.onFailure?.(info);
  }
}
