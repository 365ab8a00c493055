import { basename } from 'node:path';
import {
  appError,
  maxListedFiles,
  type AppErrorInfo,
  type FileListState,
  type FileOptions,
  type FilePlayback,
  type ListedFile,
} from '@tallylight/contract';
import { toErrorInfo } from '../../app-error.js';

/** What is known of a file once somebody has looked into it. */
export type FileFacts = Pick<
  ListedFile,
  'durationMs' | 'size' | 'width' | 'height' | 'fps' | 'videoCodec' | 'audioCodec' | 'canCopy'
>;

/** A file as who plays it needs it. */
export interface PlayableFile {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly durationMs: number | undefined;
  readonly hasAudio: boolean;
  /** Whether it is to be sent as it is. */
  readonly copy: boolean;
}

/** A file that was made for the list. */
export interface OwnedFile {
  readonly path: string;
  readonly name: string;
  readonly release: () => Promise<unknown>;
}

interface Entry {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  /** Settles, without an error, once it is known what is in it, or that nobody can tell. */
  readonly examined: Promise<void>;
  /** Deletes what was made for it. */
  readonly release: (() => Promise<unknown>) | undefined;
  facts: FileFacts;
  error: AppErrorInfo | undefined;
}

/** As many at a time: each is a program that reads a file. */
const atOnce = 4;

/** The files that windows have played in place of a camera; there is one list, and it lives as long as the engine. */
export class FileList {
  readonly #examine: (path: string) => Promise<FileFacts>;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[] = [];
  #options: FileOptions = { repeat: false, copy: false };
  #playback: FilePlayback | undefined;
  #added = 0;
  #examining = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param examine throws AppError where a file cannot be played. */
  constructor(examine: (path: string) => Promise<FileFacts>) {
    this.#examine = examine;
  }

  get state(): FileListState {
    return {
      ...this.#options,
      files: this.#entries.map(({ id, name, facts, error }) => ({
        ...{ id, name, ...facts },
        ...(error && { error }),
      })),
      ...(this.#playback && { playback: this.#playback }),
    };
  }

  get length(): number {
    return this.#entries.length;
  }

  /** @throws AppError `FILE_LIST_FULL`, before any is added. */
  add(paths: readonly string[]): void {
    this.requireRoom(paths.length);
    for (const path of paths) this.#add(path, basename(path), undefined);
    this.#changed();
  }

  /** Adds a file that is deleted when it is not needed any more. */
  addOwned({ path, name, release }: OwnedFile): void {
    this.#add(path, name, release);
    this.#changed();
  }

  /** @throws AppError `FILE_LIST_FULL` */
  requireRoom(count: number): void {
    if (this.#entries.length + count > maxListedFiles) {
      throw appError('FILE_LIST_FULL', { maximum: maxListedFiles });
    }
  }

  /** Does nothing where there is no such file any more. @throws AppError `FILE_IN_USE` */
  async remove(id: string): Promise<void> {
    const entry = this.#find(id);
    if (!entry) return;
    if (this.#playback?.id === id) throw appError('FILE_IN_USE', { file: entry.name });
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#changed();
    await entry.release?.();
  }

  move(id: string, to: number): void {
    const entry = this.#find(id);
    if (!entry) return;
    const others = this.#entries.filter((other) => other !== entry);
    this.#entries = [...others.slice(0, to), entry, ...others.slice(to)];
    this.#changed();
  }

  update(options: { readonly [Name in keyof FileOptions]?: FileOptions[Name] | undefined }): void {
    const { repeat = this.#options.repeat, copy = this.#options.copy } = options;
    this.#options = { repeat, copy };
    this.#changed();
  }

  /** Calls `listener` at each change; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The file behind one, or the first; `undefined` behind the last, unless the list is repeated, or this is to `wrap`. */
  following(id: string | undefined, wrap = this.#options.repeat): PlayableFile | undefined {
    const place = this.#entries.findIndex((entry) => entry.id === id);
    const next = this.#entries[place + 1] ?? (wrap ? this.#entries[0] : undefined);
    return next && this.#playable(next);
  }

  /** A file as it is to be played now; undefined where it is gone. Waits until somebody has looked into it. */
  async playable(id: string): Promise<PlayableFile | undefined> {
    await this.#find(id)?.examined;
    const entry = this.#find(id);
    return entry && this.#playable(entry);
  }

  /** Tells why a file was not played, or, without an error, that it was. */
  noteError(id: string, error: unknown): void {
    const entry = this.#find(id);
    if (!entry || (error === undefined && entry.error === undefined)) return;
    entry.error = error === undefined ? undefined : errorOf(entry, error);
    this.#changed();
  }

  notePlayback(playback: FilePlayback | undefined): void {
    this.#playback = playback;
    this.#changed();
  }

  #add(path: string, name: string, release: Entry['release']): void {
    this.#added += 1;
    const id = `file-${this.#added}`;
    const examined = this.#inTurn(async () => {
      // It may have been removed while it waited.
      const entry = this.#find(id);
      if (!entry) return;
      try {
        entry.facts = await this.#examine(path);
      } catch (error) {
        entry.error = errorOf(entry, error);
      }
      this.#changed();
    });
    this.#entries = [
      ...this.#entries,
      { id, path, name, examined, release, facts: {}, error: undefined },
    ];
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const isBusy = this.#examining >= atOnce;
    if (!isBusy) this.#examining += 1;
    // A place that becomes free is handed on. The file is in the list only after this turn.
    await new Promise<void>((resolve) => {
      if (isBusy) this.#waiting.push(resolve);
      else queueMicrotask(resolve);
    });
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#examining -= 1;
    }
  }

  #playable({ id, path, name, facts }: Entry): PlayableFile {
    const copy = this.#options.copy && facts.canCopy === true;
    const { durationMs, audioCodec } = facts;
    return { id, path, name, durationMs, hasAudio: audioCodec !== undefined, copy };
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** It stands beside its file: where that is, and it may be a folder that nobody knows, says nothing more. */
function errorOf({ name }: Entry, error: unknown): AppErrorInfo {
  const info = toErrorInfo(error);
  return 'file' in info.data ? { ...info, data: { ...info.data, file: name } } : info;
}
