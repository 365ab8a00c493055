import {
  appError,
  reason,
  type BroadcastSnapshot,
  type RecordingsSnapshot,
} from '@tallylight/contract';
import type { OutputSpec } from '../output-factory.js';
import type { SavedFile } from '../outputs/output.js';
import type { SettingsStore } from '../profiles/settings-store.js';
import type { RecordingList } from '../recordings/recording-list.js';
import { RecordingPlace } from '../recordings/recording-place.js';
import { latest } from './latest.js';

/** Shows a file in its folder. Absent where there is nothing to show it with. */
export type ShowInFolder = (path: string) => Promise<void> | void;

export interface WindowRecordingsOptions {
  readonly list: RecordingList;
  readonly settings: Pick<SettingsStore, 'get' | 'onChange'>;
  readonly ownFolder: string;
  /** What people call a profile. */
  readonly nameOf: (profileId: string) => Promise<string | undefined>;
  readonly showInFolder?: ShowInFolder | undefined;
}

/** What windows record, where to, and what came of it. */
export class WindowRecordings {
  readonly #o: WindowRecordingsOptions;
  readonly #place: RecordingPlace;
  readonly #onPlace = new Set<() => void>();

  constructor(options: WindowRecordingsOptions) {
    this.#o = options;
    const { settings, ownFolder } = options;
    this.#place = new RecordingPlace({ settings: () => settings.get(), ownFolder });
  }

  /** @param profileId the first destination. @throws AppError `RECORDING_FAILED`. */
  async recording(profileId: string | undefined): Promise<OutputSpec> {
    const { recordingSplit: split } = this.#o.settings.get();
    const path = this.#place.next(await this.#destination(profileId));
    return { type: 'recording', path, split };
  }

  /** What is held of every broadcast. */
  replay(): OutputSpec[] {
    const { replaySeconds: seconds } = this.#o.settings.get();
    return seconds === 0 ? [] : [{ type: 'replay', seconds }];
  }

  /** As {@link recording}, for what is held; `word` says so in its name. */
  async replayPath(profileId: string | undefined, word: string): Promise<string> {
    return this.#place.next(await this.#destination(profileId), word);
  }

  note(snapshot: BroadcastSnapshot): void {
    this.#o.list.note(snapshot);
  }

  noteReplay(saved: SavedFile): void {
    this.#o.list.noteReplay(saved);
  }

  watch(signal: AbortSignal): AsyncGenerator<RecordingsSnapshot, void, undefined> {
    return latest(
      () => this.#snapshot(),
      (onChange) => {
        const stops = [this.#o.list.onChange(onChange), this.#o.settings.onChange(onChange)];
        this.#onPlace.add(onChange);
        return () => {
          this.#onPlace.delete(onChange);
          stops.forEach((stop) => stop());
        };
      },
      signal,
    );
  }

  /** Makes the folder that is chosen. @throws AppError `RECORDING_FAILED`. */
  makeFolder(): void {
    this.#place.make();
    for (const listener of this.#onPlace) listener();
  }

  /** @throws AppError `FOLDER_NOT_SHOWN`. */
  async showInFolder(path: string): Promise<void> {
    const { list, showInFolder } = this.#o;
    // A window must not have anything else opened.
    if (!list.has(path)) {
      throw appError('FOLDER_NOT_SHOWN', { file: path, reason: reason('not-our-recording') });
    }
    if (!showInFolder) {
      throw appError('FOLDER_NOT_SHOWN', { file: path, reason: reason('no-file-manager') });
    }
    await showInFolder(path);
  }

  async #snapshot(): Promise<RecordingsSnapshot> {
    const [recordings, place] = await Promise.all([this.#o.list.recordings(), this.#place.look()]);
    const { ownFolder, showInFolder } = this.#o;
    return { recordings, ...place, ownFolder, canShow: showInFolder !== undefined };
  }

  async #destination(profileId: string | undefined): Promise<string> {
    return profileId === undefined ? '' : ((await this.#o.nameOf(profileId)) ?? '');
  }
}
