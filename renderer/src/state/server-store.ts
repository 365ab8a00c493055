import type {
  AppErrorInfo,
  ServerKey,
  ServerKeys,
  ServerProblem,
  ServerSettings,
  ServerSnapshot,
  ViewerLink,
} from '@tallylight/contract';
import { serverKeySchema } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';
import type { QuestionsStore } from './questions-store.js';

/** A link to the viewer page at one of this machine's addresses. */
interface HostLink extends ViewerLink {
  readonly host: string;
}

interface ServerState {
  /** Absent until the engine has told it. */
  readonly snapshot: ServerSnapshot | undefined;
  /** What was asked for last and not done, where that is not what the snapshot tells. */
  readonly refused: ServerProblem | undefined;
  /** In clear, while they are shown. */
  readonly keys: ServerKeys | undefined;
  readonly link: HostLink | undefined;
  readonly receive: (snapshot: ServerSnapshot) => void;
  readonly update: (change: Partial<ServerSettings>) => Promise<void>;
  /** Asks first. */
  readonly renewKey: (key: ServerKey) => Promise<void>;
  readonly showKeys: () => Promise<void>;
  readonly hideKeys: () => void;
  /** The keys once, to be copied; undefined where that failed, which is said. */
  readonly fetchKeys: () => Promise<ServerKeys | undefined>;
  /** Gets the link for that address. */
  readonly openLink: (host: string) => Promise<void>;
}

export type ServerStore = StoreApi<ServerState>;

/** A link is had anew in good time before it expires. */
const leastLinkMs = 12 * 60 * 60 * 1000;

export function createServerStore(
  client: EngineClient['server'],
  alerts: AlertsStore,
  questions: QuestionsStore,
): ServerStore {
  return createStore<ServerState>()((set, get) => {
    const refuse = (error: unknown): void => {
      const info = toAppErrorInfo(error);
      const field = fieldOf(info);
      if (field) set({ refused: { field, error: info } });
      else alerts.getState().show(alertFromError('settings', 'choiceNotSaved', info));
    };
    /** What is known of keys and links may be of before. */
    const renew = async (): Promise<void> => {
      const { keys, link } = get();
      if (keys) await get().showKeys();
      if (link) await get().openLink(link.host);
    };
    const attempt = async (change: () => Promise<void>): Promise<void> => {
      set({ refused: undefined });
      try {
        await change();
      } catch (error) {
        refuse(error);
        return;
      }
      alerts.getState().dismiss('settings');
      await renew();
    };
    return {
      snapshot: undefined,
      refused: undefined,
      keys: undefined,
      link: undefined,
      receive: (snapshot) => {
        const { link } = get();
        set({ snapshot, ...(snapshot.state !== 'on' && { link: undefined }) });
        if (link?.until !== undefined && link.until - Date.now() < leastLinkMs)
          void get().openLink(link.host);
      },
      update: (change) => attempt(() => client.update(change)),
      renewKey: async (key) => {
        if ((await questions.getState().ask({ type: key })) !== 'renew') return;
        await attempt(() => client.renewKey({ key }));
      },
      showKeys: async () => set({ keys: await get().fetchKeys() }),
      hideKeys: () => set({ keys: undefined }),
      fetchKeys: async () => {
        try {
          return await client.revealKeys();
        } catch (error) {
          refuse(error);
          return undefined;
        }
      },
      openLink: async (host) => {
        try {
          set({ link: { host, ...(await client.viewerLink({ host })) } });
        } catch {
          // It was switched off meanwhile, which the snapshot tells.
          set({ link: undefined });
        }
      },
    };
  });
}

/** What a refusal is about; undefined where it is about nothing in the panel. */
function fieldOf({ code, data }: AppErrorInfo): ServerProblem['field'] | undefined {
  switch (code) {
    case 'SERVER_FOLDER_UNUSABLE':
      return 'recordTo';
    case 'SERVER_IN_USE':
      return 'isOn';
    case 'SERVER_KEY_UNREADABLE':
      return serverKeySchema.catch('publishKey').parse(data['key']);
    default:
      return undefined;
  }
}
