import { statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  appError,
  reason,
  recordingName,
  type AppErrorInfo,
  type Settings,
} from '@tallylight/contract';
import { toErrorInfo } from '../app-error.js';
import { whyNotInto, whyUnwritable } from '../file-failure.js';
import { makeFolder } from '../make-folder.js';

/** How far a number that is free is looked for. */
const mostNumbers = 10_000;

/** Paths that were given out and whose files are not there yet; more are never wanted at once. */
const mostClaims = 64;

export interface RecordingPlaceOptions {
  readonly settings: () => Settings;
  /** Where recordings go while no folder is chosen; made when it is needed. */
  readonly ownFolder: string;
}

/** Where files are recorded to, as the settings say. */
export class RecordingPlace {
  readonly #o: RecordingPlaceOptions;
  #claimed: readonly string[] = [];

  constructor(options: RecordingPlaceOptions) {
    this.#o = options;
  }

  get folder(): string {
    return this.#o.settings().recordingFolder || this.#o.ownFolder;
  }

  /**
   * A path at which there is no file. A folder that somebody has chosen is not made: it may be on a disk that is not
   * there now.
   *
   * @param word stands before the name, such as of what is a replay.
   * @throws AppError `RECORDING_FAILED`.
   */
  next(destination: string, word?: string): string {
    const { recordingPattern, recordingFormat } = this.#o.settings();
    const { folder } = this;
    const pattern = word === undefined ? recordingPattern : `${word} ${recordingPattern}`;
    const at = new Date();
    const pathOf = (n: number): string =>
      join(folder, `${recordingName({ pattern, at, destination, n })}.${recordingFormat}`);
    if (!isAbsolute(folder)) throw failure(pathOf(1), reason('folder-not-whole'));
    if (folder === this.#o.ownFolder) {
      try {
        makeFolder(folder);
      } catch (error) {
        throw failure(pathOf(1), whyUnwritable(error));
      }
    }
    for (let n = 1; n <= mostNumbers; n++) {
      const path = pathOf(n);
      if (this.#claimed.includes(path) || existsSync(path)) continue;
      this.#claimed = [...this.#claimed, path].slice(-mostClaims);
      return path;
    }
    throw failure(pathOf(1), reason('file-exists'));
  }

  /** Makes the folder, with those above it. @throws AppError `RECORDING_FAILED`. */
  make(): void {
    const { folder } = this;
    if (!isAbsolute(folder)) throw failure(folder, reason('folder-not-whole'));
    try {
      makeFolder(folder);
    } catch (error) {
      throw failure(folder, whyUnwritable(error));
    }
  }

  /** Why nothing can be recorded there; what is free, where it can. */
  async look(): Promise<{ readonly problem?: AppErrorInfo; readonly freeBytes?: number }> {
    const { folder } = this;
    const isMade = folder === this.#o.ownFolder && !existsSync(folder);
    if (isMade) return {};
    const why = isAbsolute(folder) ? await whyNotInto(folder) : reason('folder-not-whole');
    if (why !== undefined) return { problem: toErrorInfo(failure(folder, why)) };
    const disk = await statfs(folder).catch(() => undefined);
    return disk ? { freeBytes: disk.bavail * disk.bsize } : {};
  }
}

const failure = (file: string, why: AppErrorInfo['data'][string]) =>
  appError('RECORDING_FAILED', { file, reason: why });
