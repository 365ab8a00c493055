import {
  describeError,
  reason,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type RecordingsSnapshot,
  type RecordingStatus,
  type ReplayStatus,
} from '@tallylight/contract';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';

/** How what is recorded does; chosen by the page's `recordings` parameter. */
export type FakeRecordingsState = 'none' | 'some' | 'folder-gone' | 'little-space';

const folder = '/home/lena/Videos/Tallylight';
const size = 900_000;

const some: RecordingsSnapshot['recordings'] = [
  {
    ...{ type: 'recording', name: '2026-11-29 19-30-02.mp4', files: 3 },
    ...{ path: `${folder}/2026-11-29 19-30-02.mp4`, bytes: 4_812_000_000, durationMs: 5_412_000 },
  },
  {
    ...{ type: 'replay', name: 'Replay 2026-11-29 19-41-12.mp4', files: 1 },
    ...{ path: `${folder}/Replay 2026-11-29 19-41-12.mp4`, bytes: 9_812_000, durationMs: 30_400 },
  },
  {
    ...{ type: 'recording', name: '2026-11-22 19-29-58.mp4', files: 1 },
    path: `${folder}/2026-11-22 19-29-58.mp4`,
  },
];

/** The recording of the fake engine, and its list of them. */
export class FakeRecordings {
  #state: FakeRecordingsState;
  #recordings: RecordingsSnapshot['recordings'];
  readonly #watchers = new Set<() => void>();
  /** The one that runs, or ran last. */
  #status: RecordingStatus | undefined;
  #count = 0;
  /** What was shown in its folder. */
  readonly shown: string[] = [];
  /** Called when something is another. */
  onChange = (): void => undefined;

  constructor(state: FakeRecordingsState) {
    this.#state = state;
    this.#recordings = state === 'none' ? [] : some;
  }

  readonly procedures: EngineClient['recordings'] = {
    watch: () => Promise.resolve(this.#watch()),
    makeFolder: () => {
      this.#state = 'some';
      for (const watcher of this.#watchers) watcher();
      return Promise.resolve();
    },
    showInFolder: ({ path }) => {
      this.shown.push(path);
      return Promise.resolve();
    },
  };

  readonly broadcast: Pick<
    EngineClient['broadcast'],
    'pauseOutput' | 'resumeOutput' | 'saveReplay'
  > = {
    pauseOutput: () => this.#pause(true),
    resumeOutput: () => this.#pause(false),
    saveReplay: (input) => Promise.resolve(this.#save(input?.word)),
  };

  get isRunning(): boolean {
    return this.#status?.state === 'live';
  }

  /** What a broadcast has of it, besides its destinations. */
  get outputs(): BroadcastSnapshot['outputs'] {
    const replay: ReplayStatus = {
      ...{ type: 'replay', reach: 'memory', id: 'replay', name: 'replay', state: 'live' },
      ...{ seconds: 30, heldMs: 30_000, heldBytes: 10_000_000 },
    };
    return [...(this.#status ? [this.#status] : []), replay];
  }

  begin(): string {
    this.#count += 1;
    const name = `2026-11-30 19-30-0${this.#count}.mp4`;
    const isLittle = this.#state === 'little-space';
    this.#status = {
      ...{ type: 'recording', reach: 'local', id: `recording:${name}`, name, state: 'live' },
      ...{ path: `${folder}/${name}`, bytes: 0, frames: 0, durationMs: 0 },
      space: {
        freeBytes: isLittle ? 190_000_000 : 84_000_000_000,
        leftMs: isLittle ? 400_000 : 4e8,
      },
    };
    if (this.#state === 'folder-gone') {
      this.#status = {
        ...this.#status,
        state: 'failed',
        lastError: describeError('RECORDING_FAILED', {
          file: this.#status.path,
          reason: reason('no-such-folder'),
        }),
      };
    }
    return this.#status.id;
  }

  /** Half a second more. */
  tick(fps: number): void {
    const { state, isPaused, bytes, frames = 0, durationMs = 0 } = this.#status ?? {};
    if (!this.#status || state !== 'live' || isPaused) return;
    this.#status = {
      ...this.#status,
      bytes: (bytes ?? 0) + size / 4,
      frames: frames + fps / 2,
      durationMs: durationMs + 500,
    };
  }

  #pause(isPaused: boolean): Promise<void> {
    if (this.#status) this.#status = { ...this.#status, isPaused };
    this.onChange();
    return Promise.resolve();
  }

  end(): void {
    if (!this.#status || this.#status.state !== 'live') return;
    const { path, name, bytes, durationMs = 0 } = this.#status;
    this.#status = { ...this.#status, state: 'stopped' };
    this.#add({ type: 'recording', path, name, files: 1, bytes, durationMs });
  }

  #save(word = 'Replay'): { name: string; durationMs: number } {
    const name = `${word} 2026-11-30 19-41-12.mp4`;
    const durationMs = 30_400;
    this.#add({
      ...{ type: 'replay', path: `${folder}/${name}`, name },
      ...{ files: 1, bytes: 9_800_000, durationMs },
    });
    return { name, durationMs };
  }

  get error(): AppErrorInfo | undefined {
    return this.#status?.lastError;
  }

  forget(): void {
    this.#status = undefined;
  }

  #add(recording: RecordingsSnapshot['recordings'][number]): void {
    this.#recordings = [recording, ...this.#recordings];
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
    this.onChange();
  }

  async *#watch(): AsyncGenerator<RecordingsSnapshot> {
    for (;;) {
      yield {
        ...{ recordings: this.#recordings, ownFolder: folder, canShow: true },
        ...(this.#state === 'folder-gone'
          ? {
              problem: describeError('RECORDING_FAILED', {
                file: '/media/lena/Stick',
                reason: reason('no-such-folder'),
              }),
            }
          : { freeBytes: 84_000_000_000 }),
      };
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }
}
