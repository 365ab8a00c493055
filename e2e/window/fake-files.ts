import {
  describeError,
  reason,
  type AppErrorInfo,
  type FileListState,
  type ListedFile,
} from '@tallylight/contract';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';

/** What the list of files is like; chosen by the page's `files` parameter. */
export type FakeFilesState = 'empty' | 'ready' | 'unreadable';

const tickMs = 500;

const picture = { width: 1280, height: 720, videoCodec: 'h264', audioCodec: 'aac' } as const;
/** Without a word that would have to be in another language in another window. */
const films: readonly ListedFile[] = [
  { id: '1', name: '1.mp4', durationMs: 12_000, size: 4_200_000, ...picture, canCopy: true },
  {
    ...{ id: '2', name: '2026-11-29 19:30–21:05, 1920×1080, 2/2.mp4', canCopy: false },
    ...{ durationMs: 3_725_000, size: 3_100_000_000, width: 1920, height: 1080 },
    ...{ videoCodec: 'hevc', audioCodec: 'aac' },
  },
  {
    ...{ id: '3', name: '3.mp4', durationMs: 10_000, size: 90_000, width: 1280, height: 720 },
    ...{ videoCodec: 'h264', canCopy: true },
  },
];
const unreadable: ListedFile = {
  ...{ id: '4', name: '4.mp4' },
  error: describeError(
    'FILE_UNREADABLE',
    { file: '4.mp4', reason: reason('no-media-file') },
    'camera',
  ),
};

/** A list of files without files. */
export class FakeFiles {
  #state: FileListState;
  readonly #watchers = new Set<() => void>();
  #added = 10;

  constructor(state: FakeFilesState) {
    const files = state === 'empty' ? [] : state === 'ready' ? films : [...films, unreadable];
    this.#state = { files: [...files], repeat: false, copy: false };
  }

  readonly procedures: EngineClient['files'] = {
    add: ({ paths }) => {
      const added = paths.map((path): ListedFile => ({
        ...{ id: String((this.#added += 1)), name: path, durationMs: 5000, ...picture },
        canCopy: true,
      }));
      return this.#change({ files: [...this.#state.files, ...added] });
    },
    remove: ({ id }) => this.#change({ files: this.#state.files.filter((each) => each.id !== id) }),
    move: ({ id, to }) => {
      const others = this.#state.files.filter((each) => each.id !== id);
      const file = this.#state.files.find((each) => each.id === id);
      if (!file) return Promise.resolve();
      return this.#change({ files: [...others.slice(0, to), file, ...others.slice(to)] });
    },
    update: ({ repeat = this.#state.repeat, copy = this.#state.copy }) =>
      this.#change({ repeat, copy }),
    next: () => {
      const { files, playback } = this.#state;
      const place = files.findIndex(({ id }) => id === playback?.id);
      const next = files[place + 1] ?? files[0];
      return next
        ? this.#change({ playback: { id: next.id, positionMs: 0, isPaused: false } })
        : failed(describeError('NOT_PLAYING'));
    },
    seek: ({ positionMs }) => this.#lead({ positionMs }),
    pause: () => this.#lead({ isPaused: true }),
    resume: () => this.#lead({ isPaused: false }),
    watch: () => Promise.resolve(this.#watch()),
  };

  /** A file that a page gives: one whose name says so does not get there, or is on its way for ever. */
  take({ name }: File, onProgress: (ratio: number) => void): Promise<void> {
    onProgress(0.34);
    if (name.startsWith('slow')) return new Promise(() => undefined);
    if (name.startsWith('huge'))
      return failed(
        describeError('FILE_NOT_TAKEN', { file: name, reason: reason('disk-full') }, 'camera'),
      );
    return this.procedures.add({ paths: [name] });
  }

  /** Plays the list until `signal` is aborted. */
  play(signal: AbortSignal): void {
    const [first] = this.#state.files;
    if (!first) return;
    void this.#change({ playback: { id: first.id, positionMs: 0, isPaused: false } });
    const timer = setInterval(() => {
      const { playback } = this.#state;
      if (playback && !playback.isPaused)
        void this.#lead({ positionMs: playback.positionMs + tickMs });
    }, tickMs);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      void this.#change({ playback: undefined });
    });
  }

  #lead(change: Partial<NonNullable<FileListState['playback']>>): Promise<void> {
    const { playback } = this.#state;
    if (!playback) return failed(describeError('NOT_PLAYING'));
    return this.#change({ playback: { ...playback, ...change } });
  }

  #change(change: Partial<FileListState>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
    return Promise.resolve();
  }

  async *#watch(): AsyncGenerator<FileListState> {
    for (;;) {
      const state = this.#state;
      yield state;
      if (state === this.#state) await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }
}

const failed = (data: AppErrorInfo): Promise<never> =>
  Promise.reject(Object.assign(new Error(data.code), { data }));
