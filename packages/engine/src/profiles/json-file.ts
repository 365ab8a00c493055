import { readFileSync, renameSync, watch, type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';
import Conf from 'conf';
import { AppError, appError, type AppErrorInfo, describeError } from '@tallylight/contract';
import { whyUnreadable, whyUnwritable } from '../file-failure.js';
import { dataFolderError, isFolderAtFault, makeDataFolder } from './data-folder.js';
import { withFileLock } from './file-lock.js';
import { hasCode, isSystemError } from '../system-error.js';

export interface JsonFileOptions<T> {
  readonly directory: string;
  /** Without `.json`. */
  readonly name: string;
  /** Validates what the file holds; throws when it makes no sense. */
  readonly parse: (value: unknown) => T;
  /** What an absent file stands for. */
  readonly empty: T;
  /** Told about a file that had to be set aside. */
  readonly onNotice: (notice: AppErrorInfo) => void;
}

/**
 * A small JSON file that several processes may share. It is read anew for every access and replaced as a whole, so
 * that a reader sees the old content or the new, never a part. Only writing makes its folder.
 *
 * A file that was read but holds what cannot be parsed or validated is renamed to `NAME.corrupt-TIME.json` and taken as
 * absent. One that the system does not let us read may be in perfect order, and stays where it is.
 */
export class JsonFile<T extends Record<string, unknown>> {
  readonly #options: JsonFileOptions<T>;
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;

  constructor(options: JsonFileOptions<T>) {
    this.#options = options;
    this.#path = join(options.directory, `${options.name}.json`);
  }

  /** @throws AppError `SETTINGS_UNREADABLE` or `DATA_FOLDER_UNUSABLE`. */
  read(): T {
    const { directory, empty, parse } = this.#options;
    try {
      return parse(parseObject(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (hasCode(error, 'ENOENT')) return empty;
      if (isFolderAtFault(directory, error)) throw dataFolderError(directory, error);
      if (isSystemError(error)) {
        const data = { file: this.#path, reason: whyUnreadable(error) };
        throw appError('SETTINGS_UNREADABLE', data, { cause: error });
      }
      this.#setAside();
      return empty;
    }
  }

  /**
   * Reads, changes and writes under a lock beside the file, so that two processes that save at the same time both keep
   * what they saved. Where saving fails, the file is as it was.
   *
   * @throws AppError `SETTINGS_UNREADABLE`, `SETTINGS_UNWRITABLE` or `DATA_FOLDER_UNUSABLE`.
   */
  async update(change: (current: T) => T): Promise<T> {
    try {
      return await withFileLock(`${this.#path}.lock`, () => {
        const next = change(this.read());
        this.#write(next);
        this.#tell();
        return next;
      });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const data = { file: this.#path, reason: whyUnwritable(error) };
      throw appError('SETTINGS_UNWRITABLE', data, { cause: error });
    }
  }

  /**
   * Calls `listener` whenever the file was replaced, by whichever process. Returns how to stop. Where the system watches
   * no folders, only changes made through this object are told.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#watcher ??= this.#watch();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#watcher?.close();
      this.#watcher = undefined;
    };
  }

  #watch(): FSWatcher | undefined {
    const { directory, name } = this.#options;
    try {
      makeDataFolder(directory);
      const watcher = watch(directory, { persistent: false }, (_event, file) => {
        if (file === `${name}.json`) this.#tell();
      });
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #write(content: T): void {
    const { directory, name } = this.#options;
    const file = new Conf<T>({
      cwd: directory,
      configName: name,
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
      deserialize: (text) => parseObject(text) as T,
    });
    file.store = content;
  }

  #setAside(): void {
    const stamp = new Date().toISOString().replaceAll(':', '-');
    const aside = join(this.#options.directory, `${this.#options.name}.corrupt-${stamp}.json`);
    try {
      renameSync(this.#path, aside);
    } catch (error) {
      // Another process was quicker, and says so itself.
      if (hasCode(error, 'ENOENT')) return;
      const data = { file: this.#path, reason: whyUnwritable(error) };
      throw appError('SETTINGS_UNREADABLE', data, { cause: error });
    }
    this.#options.onNotice(
      describeError('SETTINGS_CORRUPT', { name: basename(this.#path), file: basename(aside) }),
    );
  }
}

/** JSON.parse for objects only: Conf would take an array or `null` for an empty file. */
function parseObject(text: string): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('not a JSON object');
  }
  return value;
}
