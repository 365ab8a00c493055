import type {
  ServerConfigAnswer,
  ServerConfigField,
  ServerConfigInput,
  ServerConfigProblem,
} from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';
import type { ProfilesStore } from './profiles-store.js';

/** What is typed, whether it is wanted of that server or not. */
export type ServerConfigDraft = Omit<ServerConfigInput, 'language' | 'push'> & {
  /** One address a line. */
  readonly push: string;
};

export type WrittenConfig = Extract<ServerConfigAnswer, { type: 'written' }>;

interface ServerConfigState {
  readonly isOpen: boolean;
  readonly draft: ServerConfigDraft;
  readonly isWriting: boolean;
  /** Of the draft as it is. */
  readonly written: WrittenConfig | undefined;
  /** Each until its field is changed. */
  readonly problems: readonly ServerConfigProblem[];
  /** How often it was not written: each time the first wrong field gets the focus. */
  readonly refusals: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly edit: (patch: Partial<ServerConfigDraft>) => void;
  readonly makeKey: () => void;
  readonly write: (language: ServerConfigInput['language']) => Promise<void>;
  /** Saves what was written as a profile of that name, and chooses it. */
  readonly useAsDestination: (name: string) => Promise<void>;
}

export type ServerConfigStore = StoreApi<ServerConfigState>;

const firstDraft: ServerConfigDraft = {
  ...{ engine: 'nginx', role: 'single', host: '', app: 'live', origin: '', originHttp: '' },
  ...{ rtmp: '0.0.0.0:1935', http: '0.0.0.0:8080', hls: true, dash: false, stat: false },
  // Where root may write, which mostly starts a server.
  ...{ record: '', push: '', publishKey: '', workFolder: '/var/lib' },
};

/** Which fields a server of that kind has. */
export function wantsField(
  { engine, role }: Pick<ServerConfigDraft, 'engine' | 'role'>,
  field: ServerConfigField,
): boolean {
  switch (field) {
    case 'origin':
      return role === 'edge';
    case 'originHttp':
      return role === 'edge' && engine === 'nginx';
    case 'record':
    case 'push':
      return role !== 'edge';
    case 'publishKey':
      return role !== 'edge' && engine === 'nginx';
    case 'hls':
    case 'dash':
      return engine === 'nginx' || role !== 'edge';
    default:
      return true;
  }
}

/** What is asked of the engine: what the server does not have stays typed, and is not in it. */
function inputOf(
  draft: ServerConfigDraft,
  language: ServerConfigInput['language'],
): ServerConfigInput {
  const text = (field: 'origin' | 'originHttp' | 'record' | 'publishKey'): string =>
    wantsField(draft, field) ? draft[field] : '';
  return {
    ...draft,
    ...{ origin: text('origin'), originHttp: text('originHttp'), record: text('record') },
    publishKey: text('publishKey'),
    push: wantsField(draft, 'push') ? draft.push.split('\n') : [],
    hls: draft.hls && wantsField(draft, 'hls'),
    dash: draft.dash && wantsField(draft, 'dash'),
    // SRS has none.
    workFolder: draft.engine === 'nginx' ? draft.workFolder : firstDraft.workFolder,
    language,
  };
}

export function createServerConfigStore(
  client: EngineClient['serverConfig'],
  alerts: AlertsStore,
  profiles: ProfilesStore,
): ServerConfigStore {
  return createStore<ServerConfigState>()((set, get) => ({
    isOpen: false,
    draft: firstDraft,
    isWriting: false,
    written: undefined,
    problems: [],
    refusals: 0,
    open: () => set({ isOpen: true }),
    close: () => set({ isOpen: false }),
    edit: (patch) =>
      set(({ draft, problems }) => ({
        draft: { ...draft, ...patch },
        problems: problems.filter(({ field }) => !(field in patch)),
        written: undefined,
      })),
    makeKey: () => {
      const bytes = crypto.getRandomValues(new Uint8Array(18));
      const key = btoa(String.fromCharCode(...bytes));
      get().edit({ publishKey: key.replaceAll('+', '-').replaceAll('/', '_') });
    },
    write: async (language) => {
      const { draft } = get();
      set({ isWriting: true, problems: [] });
      try {
        const answer = await client.write(inputOf(draft, language));
        // Somebody has typed on meanwhile.
        if (get().draft !== draft) return;
        if (answer.type === 'written') set({ written: answer });
        else set(({ refusals }) => ({ problems: answer.problems, refusals: refusals + 1 }));
      } catch (error) {
        get().close();
        const info = toAppErrorInfo(error);
        alerts.getState().show(alertFromError('settings', 'configNotWritten', info));
      } finally {
        set({ isWriting: false });
      }
    },
    useAsDestination: async (name) => {
      const destination = get().written?.destination;
      if (!destination) return;
      get().close();
      if (await profiles.getState().startNewFrom({ name, ...destination }))
        await profiles.getState().save();
    },
  }));
}
