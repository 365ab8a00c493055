import { builtInProfileId, describeError, type Profile } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertTitle, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import type { EngineClient } from './engine-client.js';
import type { SettingsStore } from './settings-store.js';

/** What the editor holds. */
export interface ProfileDraft {
  /** Absent while the profile is new. */
  readonly id?: string;
  readonly name: string;
  readonly serverUrl: string;
  /** Absent while the saved key is untouched. */
  readonly streamKey?: string;
}

interface ProfilesState {
  readonly profiles: readonly Profile[];
  /** Absent while the chosen profile cannot be edited. */
  readonly draft: ProfileDraft | undefined;
  readonly saving: boolean;
  readonly select: (id: string) => void;
  readonly startNew: () => void;
  readonly edit: (patch: Partial<Omit<ProfileDraft, 'id'>>) => void;
  /** Back to what is saved. */
  readonly discard: () => void;
  /** The saved key in clear; `undefined` (and an alert) when it cannot be had. */
  readonly revealKey: () => Promise<string | undefined>;
  /** Saves the draft and chooses it. Returns false, having said why, when that failed. */
  readonly save: () => Promise<boolean>;
  /** Deletes the chosen profile. */
  readonly remove: () => Promise<void>;
}

export type ProfilesStore = StoreApi<ProfilesState>;

/** The profile in use: the chosen one, or the built-in server where that is gone. */
export function chosenProfile(profiles: readonly Profile[], id: string): Profile | undefined {
  return (
    profiles.find((profile) => profile.id === id) ??
    profiles.find((profile) => profile.id === builtInProfileId) ??
    profiles[0]
  );
}

const draftOf = (profile: Profile | undefined): ProfileDraft | undefined =>
  profile?.kind === 'rtmp'
    ? { id: profile.id, name: profile.name, serverUrl: profile.serverUrl }
    : undefined;

/** Whether the editor holds anything that is not saved. */
export function isDirty(draft: ProfileDraft | undefined, profiles: readonly Profile[]): boolean {
  if (!draft) return false;
  const saved = profiles.find((profile) => profile.id === draft.id);
  return (
    draft.streamKey !== undefined ||
    draft.name !== (saved?.name ?? '') ||
    draft.serverUrl !== (saved?.serverUrl ?? '')
  );
}

export function createProfilesStore(
  client: EngineClient,
  settings: SettingsStore,
  alerts: AlertsStore,
  initial: readonly Profile[],
): ProfilesStore {
  const chosen = (profiles: readonly Profile[]): Profile | undefined =>
    chosenProfile(profiles, settings.getState().settings.profileId);
  const fail = (title: AlertTitle, error: unknown): void =>
    alerts.getState().show(alertFromError('profile', title, toAppErrorInfo(error)));
  const incomplete = (code: 'PROFILE_NAMELESS' | 'PROFILE_WITHOUT_URL'): false => {
    alerts.getState().show(alertFromError('profile', 'profileNotSaved', describeError(code)));
    return false;
  };

  return createStore<ProfilesState>()((set, get) => ({
    profiles: initial,
    draft: draftOf(chosen(initial)),
    saving: false,
    select: (id) => {
      settings.getState().update({ profileId: id });
      alerts.getState().dismiss('profile');
      set(({ profiles }) => ({ draft: draftOf(chosen(profiles)) }));
    },
    startNew: () => {
      alerts.getState().dismiss('profile');
      set({ draft: { name: '', serverUrl: '', streamKey: '' } });
    },
    edit: (patch) => set(({ draft }) => (draft ? { draft: { ...draft, ...patch } } : {})),
    discard: () => {
      alerts.getState().dismiss('profile');
      set(({ profiles }) => ({ draft: draftOf(chosen(profiles)) }));
    },
    revealKey: async () => {
      const id = get().draft?.id;
      if (id === undefined) return undefined;
      try {
        return (await client.profiles.revealKey({ id })).streamKey;
      } catch (error) {
        fail('keyNotShown', error);
        return undefined;
      }
    },
    save: async () => {
      const { draft } = get();
      if (!draft) return true;
      if (draft.name.trim() === '') {
        return incomplete('PROFILE_NAMELESS');
      }
      if (draft.serverUrl.trim() === '') {
        return incomplete('PROFILE_WITHOUT_URL');
      }
      set({ saving: true });
      try {
        const saved = await client.profiles.save(draft);
        const profiles = await client.profiles.list();
        settings.getState().update({ profileId: saved.id });
        alerts.getState().dismiss('profile');
        set({ profiles, draft: draftOf(chosenProfile(profiles, saved.id)) });
        return true;
      } catch (error) {
        fail('profileNotSaved', error);
        return false;
      } finally {
        set({ saving: false });
      }
    },
    remove: async () => {
      const profile = chosen(get().profiles);
      if (profile?.kind !== 'rtmp') return;
      try {
        await client.profiles.remove({ id: profile.id });
        const profiles = await client.profiles.list();
        const next = chosenProfile(profiles, builtInProfileId);
        settings.getState().update({ profileId: next?.id ?? '' });
        alerts.getState().dismiss('profile');
        set({ profiles, draft: draftOf(next) });
      } catch (error) {
        fail('profileNotDeleted', error);
      }
    },
  }));
}
