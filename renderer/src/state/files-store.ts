import type { AppErrorInfo, FileListState, FileOptions } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore, type AlertTitle } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';

/** Gives the engine a file of the user's to play; `onProgress` gets how much of it has gone, from 0 to 1. */
export type GiveFile = (file: File, onProgress: (ratio: number) => void) => Promise<void>;

/** A file on its way to the engine. */
export interface SentFile {
  readonly id: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly progress: number;
  /** Why it did not get there. */
  readonly error?: AppErrorInfo;
}

interface FilesState {
  readonly list: FileListState;
  readonly sent: readonly SentFile[];
  /** A command is being carried out: the next one waits. */
  readonly isLeading: boolean;
  /** Gives them to the engine one after the other, in this order. */
  readonly add: (files: readonly File[]) => Promise<void>;
  /** Takes what did not get there from view. */
  readonly forget: (id: number) => void;
  readonly remove: (id: string) => Promise<void>;
  readonly move: (id: string, to: number) => Promise<void>;
  readonly update: (options: Partial<FileOptions>) => Promise<void>;
  readonly next: () => Promise<void>;
  readonly seek: (positionMs: number) => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly receive: (list: FileListState) => void;
}

export type FilesStore = StoreApi<FilesState>;

/** How many files the list shows, and how many of them cannot be played, or did not get there. */
export function countFiles({ list, sent }: Pick<FilesState, 'list' | 'sent'>): {
  readonly count: number;
  readonly leftOut: number;
} {
  const all = [...list.files, ...sent];
  return { count: all.length, leftOut: all.filter(({ error }) => error).length };
}

/** The list of files that is played in place of a camera. */
export function createFilesStore(
  client: EngineClient['files'],
  giveFile: GiveFile,
  alerts: AlertsStore,
): FilesStore {
  let count = 0;
  /** Files are given in the order in which people gave them, also where they give more meanwhile. */
  let giving: Promise<void> = Promise.resolve();
  return createStore<FilesState>()((set) => {
    const change = (id: number, part: Partial<SentFile>): void =>
      set(({ sent }) => ({
        sent: sent.map((file) => (file.id === id ? { ...file, ...part } : file)),
      }));
    const forget = (id: number): void =>
      set(({ sent }) => ({ sent: sent.filter((file) => file.id !== id) }));
    const give = async (file: File, id: number): Promise<void> => {
      try {
        await giveFile(file, (progress) => change(id, { progress }));
        forget(id);
      } catch (error) {
        change(id, { error: toAppErrorInfo(error) });
      }
    };
    const tell = async (title: AlertTitle, call: Promise<void>): Promise<void> => {
      try {
        await call;
        alerts.getState().dismiss('files');
      } catch (error) {
        alerts.getState().show(alertFromError('files', title, toAppErrorInfo(error)));
      }
    };
    const lead = async (call: () => Promise<void>): Promise<void> => {
      set({ isLeading: true });
      await tell('filesNotLed', call());
      set({ isLeading: false });
    };
    return {
      list: { files: [], repeat: false, copy: false },
      sent: [],
      isLeading: false,
      add: async (files) => {
        const added = files.map((file) => ({ file, id: (count += 1) }));
        const waiting = added.map(({ file, id }) => ({ id, name: file.name, progress: 0 }));
        set(({ sent }) => ({ sent: [...sent, ...waiting] }));
        giving = giving.then(async () => {
          for (const { file, id } of added) await give(file, id);
        });
        await giving;
      },
      forget,
      remove: (id) => tell('filesNotChanged', client.remove({ id })),
      move: (id, to) => tell('filesNotChanged', client.move({ id, to })),
      update: (options) => tell('filesNotChanged', client.update(options)),
      next: () => lead(() => client.next()),
      seek: (positionMs) => lead(() => client.seek({ positionMs })),
      pause: () => lead(() => client.pause()),
      resume: () => lead(() => client.resume()),
      receive: (list) => set({ list }),
    };
  });
}
