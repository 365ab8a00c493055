import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  recordingsOf,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type RecordingStatus,
  type SavedRecording,
} from '@tallylight/contract';
import { z } from 'zod';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';
import { isOver, type SavedFile } from '../outputs/output.js';
import { JsonFile } from '../profiles/json-file.js';

/** How many are remembered. */
const mostRecordings = 20;

const entrySchema = z.object({
  type: z.enum(['recording', 'replay']),
  path: z.string(),
  otherPaths: z.array(z.string()).optional(),
  durationMs: z.number().optional(),
});

type Entry = z.infer<typeof entrySchema>;

const storedSchema = z.object({ recordings: z.array(entrySchema) });

export interface RecordingListOptions {
  readonly dataDirectory: string;
  readonly logger: Logger;
  readonly onNotice: (notice: AppErrorInfo) => void;
}

/** The last recordings, in `recordings.json`. One that broke off with its process is in it, too. */
export class RecordingList {
  readonly #o: RecordingListOptions;
  readonly #file: JsonFile<z.infer<typeof storedSchema>>;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[];
  /** What is known of those that are being written. */
  readonly #running = new Map<string, number>();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: RecordingListOptions) {
    this.#o = options;
    this.#file = new JsonFile({
      ...{ directory: options.dataDirectory, name: 'recordings', empty: { recordings: [] } },
      parse: (value) => storedSchema.parse(value),
      onNotice: options.onNotice,
    });
    this.#entries = this.#read();
  }

  /** Those that are finished, the newest first, as they are on the disk now. */
  async recordings(): Promise<SavedRecording[]> {
    const finished = this.#entries.filter(({ path }) => !this.#running.has(path));
    return Promise.all(finished.map(async (entry) => shown(entry, await bytesOf(entry))));
  }

  has(path: string): boolean {
    return this.#entries.some((entry) => entry.path === path);
  }

  /** Notes what the recordings of a broadcast have come to. */
  note(snapshot: Pick<BroadcastSnapshot, 'outputs'>): void {
    for (const status of recordingsOf(snapshot)) this.#noteOne(status);
  }

  noteReplay({ path, otherPaths, durationMs }: SavedFile): void {
    const others = otherPaths && { otherPaths: [...otherPaths] };
    this.#change((entries) => added(entries, { type: 'replay', path, ...others, durationMs }));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all of it is saved. */
  async close(): Promise<void> {
    await this.#saving;
  }

  #noteOne(status: RecordingStatus): void {
    const { path, otherPaths, durationMs = 0, bytes } = status;
    const files = 1 + (otherPaths?.length ?? 0);
    const known = this.#running.get(path);
    if (isOver(status)) {
      if (known === undefined) return;
      this.#running.delete(path);
      const entry: Entry = {
        type: 'recording',
        path,
        durationMs,
        ...(otherPaths && { otherPaths }),
      };
      // Of one without a frame there is no file.
      const isKept = bytes > 0 || status.state === 'failed';
      this.#change((entries) => (isKept ? added(entries, entry) : without(entries, path)));
      return;
    }
    // Before it is open, the file may be somebody else's.
    if (status.state !== 'live' || known === files) return;
    this.#running.set(path, files);
    const entry: Entry = { type: 'recording', path, ...(otherPaths && { otherPaths }) };
    this.#change((entries) => added(entries, entry));
  }

  #read(): readonly Entry[] {
    try {
      return this.#file.read().recordings;
    } catch (error) {
      this.#o.logger.warn({ error: toErrorInfo(error) }, 'the last recordings are not known');
      return [];
    }
  }

  #change(change: (entries: readonly Entry[]) => readonly Entry[]): void {
    this.#entries = change(this.#entries);
    // Another process may have recorded, too.
    this.#saving = this.#saving.then(() =>
      this.#file
        .update(({ recordings }) => ({ recordings: [...change(recordings)] }))
        .then(
          () => undefined,
          (error: unknown) => {
            this.#o.logger.warn({ error: toErrorInfo(error) }, 'the recording is not remembered');
          },
        ),
    );
    for (const listener of this.#listeners) listener();
  }
}

const without = (entries: readonly Entry[], path: string): readonly Entry[] =>
  entries.filter((entry) => entry.path !== path);

const added = (entries: readonly Entry[], entry: Entry): readonly Entry[] =>
  [entry, ...without(entries, entry.path)].slice(0, mostRecordings);

async function bytesOf({ path, otherPaths = [] }: Entry): Promise<number | undefined> {
  const sizes = await Promise.all(
    [path, ...otherPaths].map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  return sizes[0] === undefined
    ? undefined
    : sizes.reduce<number>((sum, size = 0) => sum + size, 0);
}

const shown = (
  { type, path, otherPaths = [], durationMs }: Entry,
  bytes: number | undefined,
): SavedRecording => ({
  ...{ type, path, name: basename(path), files: 1 + otherPaths.length },
  ...(bytes !== undefined && { bytes }),
  ...(durationMs !== undefined && { durationMs }),
});
