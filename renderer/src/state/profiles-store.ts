import { builtInProfileId, type AppErrorInfo, type Profile } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertTitle, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import { draftProblems, problemOf, type ProfileProblem } from './profile-problems.js';
import { fieldsOf } from './pasted-url.js';
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
  /** Absent while untouched, as the password is. */
  readonly user?: string;
  readonly password?: string;
}

interface ProfilesState {
  readonly profiles: readonly Profile[];
  /** Absent while the chosen profile cannot be edited. */
  readonly draft: ProfileDraft | undefined;
  readonly saving: boolean;
  /** Why the draft was not saved; each until its field is changed. */
  readonly problems: readonly ProfileProblem[];
  /** How often saving was refused: each time the first wrong field gets the focus. */
  readonly refusals: number;
  /** A URL that was told apart, and the draft before, until something else is changed. */
  readonly pasted: { readonly text: string; readonly before: ProfileDraft } | undefined;
  readonly select: (id: string) => void;
  readonly startNew: () => void;
  readonly edit: (patch: Partial<Omit<ProfileDraft, 'id'>>) => void;
  /**
   * A URL with all in it was pasted as the server's: fills all the fields that it has something for. False, and nothing
   * is done, where it is where the server is, and no more.
   */
  readonly pasteUrl: (text: string) => boolean;
  /** The pasted URL was one: back into one field. */
  readonly joinUrl: () => void;
  /** The end of the server's URL is the stream key. */
  readonly splitUrl: () => void;
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
    draft.password !== undefined ||
    (draft.user !== undefined && draft.user !== (saved?.user ?? '')) ||
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

  return createStore<ProfilesState>()((set, get) => {
    /** Another draft: nothing that was said of the last is true of it. */
    const show = (draft: ProfileDraft | undefined): void => {
      alerts.getState().dismiss('profile');
      set({ draft, problems: [], pasted: undefined });
    };
    const notSaved = (problems: readonly ProfileProblem[], error: AppErrorInfo): false => {
      const alert = alertFromError('profile', 'profileNotSaved', error);
      alerts.getState().show({ ...alert, isBesideField: problems.length > 0 });
      set(({ refusals }) => ({ problems, refusals: refusals + 1 }));
      return false;
    };
    return {
      profiles: initial,
      draft: draftOf(chosen(initial)),
      saving: false,
      problems: [],
      refusals: 0,
      pasted: undefined,
      select: (id) => {
        settings.getState().update({ profileId: id });
        show(draftOf(chosen(get().profiles)));
      },
      startNew: () => show({ name: '', serverUrl: '', streamKey: '' }),
      edit: (patch) => {
        const { draft, problems } = get();
        if (!draft) return;
        const left = problems.filter(({ field }) => !(field in patch));
        if (left.length === 0) alerts.getState().dismiss('profile');
        // A whole URL as the key is told apart, too.
        const parts = patch.streamKey === undefined ? undefined : fieldsOf(patch.streamKey);
        const next = { ...draft, ...patch, ...(parts?.streamKey !== undefined && parts) };
        set({ draft: next, problems: left, pasted: undefined });
      },
      pasteUrl: (text) => {
        const parts = fieldsOf(text);
        const { draft, edit } = get();
        if (!draft || parts === undefined) return false;
        edit(parts);
        if (parts.streamKey !== undefined) set({ pasted: { text: text.trim(), before: draft } });
        return true;
      },
      joinUrl: () => {
        const { pasted } = get();
        if (pasted) show({ ...pasted.before, serverUrl: pasted.text });
      },
      splitUrl: () => {
        const { draft, edit } = get();
        const parts = draft && fieldsOf(draft.serverUrl);
        if (parts) edit(parts);
      },
      discard: () => show(draftOf(chosen(get().profiles))),
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
        const problems = draftProblems(draft);
        if (problems[0]) return notSaved(problems, problems[0].error);
        set({ saving: true });
        try {
          const saved = await client.profiles.save(draft);
          const profiles = await client.profiles.list();
          settings.getState().update({ profileId: saved.id });
          set({ profiles });
          show(draftOf(chosenProfile(profiles, saved.id)));
          return true;
        } catch (error) {
          const info = toAppErrorInfo(error);
          const problem = problemOf(info);
          return notSaved(problem ? [problem] : [], info);
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
          set({ profiles });
          show(draftOf(next));
        } catch (error) {
          fail('profileNotDeleted', error);
        }
      },
    };
  });
}
