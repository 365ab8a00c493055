import {
  describeError,
  profileProblems,
  type AppErrorInfo,
  type DestinationPresetId,
  type Profile,
  type ProfileProblem,
} from '@tallylight/contract';
import { tidyTypedKey, tidyTypedUrl } from 'node-rtmp-client/address';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { alertFromError, type AlertTitle, type AlertsStore } from './alerts-store.js';
import { toAppErrorInfo } from './app-error.js';
import { problemOf } from './profile-problems.js';
import { fieldsOf } from './pasted-url.js';
import {
  asNew,
  completed,
  draftOf,
  emptyDraft,
  fieldsInUrl,
  isWorthKeeping,
  withoutKey,
  type ProfileDraft,
} from './profile-draft.js';
import type { EngineClient } from './engine-client.js';
import type { QuestionsStore } from './questions-store.js';
import type { Ticks } from './ticks.js';

/** A profile that was deleted, and can be had back with its key while the engine runs. */
interface Removal {
  readonly profile: Profile;
  readonly draft: ProfileDraft | undefined;
  readonly wasTicked: boolean;
}

/** A URL that filled several fields. */
interface PastedUrl {
  /** Where it was typed or pasted. */
  readonly field: 'serverUrl' | 'streamKey';
  readonly text: string;
  readonly before: ProfileDraft;
}

interface ProfilesState {
  readonly profiles: readonly Profile[];
  /** Absent while nothing is edited. */
  readonly draft: ProfileDraft | undefined;
  readonly saving: boolean;
  /** The draft was saved, and nothing was typed since. */
  readonly saved: boolean;
  /** Why the draft was not saved; each until its field is changed. */
  readonly problems: readonly ProfileProblem[];
  /** How often saving was refused: each time the first wrong field gets the focus. */
  readonly refusals: number;
  readonly removal: Removal | undefined;
  /** The list as it is now, whoever changed it. */
  readonly receive: (listed: readonly Profile[]) => void;
  /** Edits a profile; asks first where that would lose what was typed. */
  readonly open: (id: string) => Promise<void>;
  /** Ends the editing; asks first where that would lose what was typed. False: it was called off. */
  readonly close: () => Promise<boolean>;
  /** A URL that was told apart, by pasting, saving or taking it for a key, and the draft before, until something else is changed. */
  readonly pasted: PastedUrl | undefined;
  /** A URL that ends with what may be a key, and is to stay whole. */
  readonly keptUrl: string | undefined;
  /** Begins a new profile; asks first where that would lose what was typed. */
  readonly startNew: () => Promise<void>;
  /** What a new profile begins from; what is typed is completed by it when it is saved, and not before. */
  readonly presetId: DestinationPresetId;
  readonly choosePreset: (id: DestinationPresetId) => void;
  /** Begins a new profile with what is known of it; asks first where that would lose what was typed. False: it was called off. */
  readonly startNewFrom: (known: Partial<Omit<ProfileDraft, 'id'>>) => Promise<boolean>;
  readonly edit: (patch: Partial<Omit<ProfileDraft, 'id'>>) => void;
  /**
   * A URL with all in it was pasted as the server's: fills all the fields that it has something for. False, and nothing
   * is done, where it is where the server is, and no more.
   */
  readonly pasteUrl: (text: string) => boolean;
  /**
   * The URL that was told apart was one: back into one field, and saving leaves it there. Where it was in the key's field,
   * everything is as it was before.
   */
  readonly joinUrl: () => void;
  /** The end of the server's URL is the stream key. */
  readonly splitUrl: () => void;
  /** Back to what is saved; of a new one nothing is. */
  readonly discard: () => void;
  /** The saved key in clear; `undefined` (and an alert) when it cannot be had. */
  readonly revealKey: () => Promise<string | undefined>;
  /**
   * Saves the draft, {@link completed}, and ticks it where it is new. Where there is no stream key, but behind the application of a new URL, that is taken
   * for the key, as pasting does: else it would be shown, exported, and refused. Returns false when that failed, and was said, or when it was
   * called off.
   */
  readonly save: () => Promise<boolean>;
  /** Deletes the profile that is edited and its key; {@link restore} brings them back until {@link finishRemoval}. */
  readonly remove: () => Promise<void>;
  /** Brings the removed profile back as it was. */
  readonly restore: () => Promise<void>;
  /** The removed profile cannot be had back any more. */
  readonly finishRemoval: () => Promise<void>;
  /** `error` with the name of the profile in it, where it has its id. */
  readonly withName: (error: AppErrorInfo) => AppErrorInfo;
}

export type ProfilesStore = StoreApi<ProfilesState>;

export function createProfilesStore(
  client: EngineClient,
  ticks: Ticks,
  alerts: AlertsStore,
  questions: QuestionsStore,
  initial: readonly Profile[],
): ProfilesStore {
  const names = new Map<string, string>();
  let listed = initial;
  /** Not shown any more, whether the engine has deleted it already or not. */
  let hidden: string | undefined;
  /** Settled when it has. */
  let removing: Promise<unknown> = Promise.resolve();
  const visible = (): readonly Profile[] => {
    for (const { id, name } of listed) names.set(id, name);
    return listed.filter(({ id }) => id !== hidden);
  };

  return createStore<ProfilesState>()((set, get) => {
    const fail = (title: AlertTitle, error: unknown): void => {
      const info = get().withName(toAppErrorInfo(error));
      alerts.getState().show(alertFromError('profile', title, info));
    };
    /** Another draft: nothing that was said of the last is true of it. */
    const show = (draft: ProfileDraft | undefined): void => {
      alerts.getState().dismiss('profile');
      alerts.getState().dismiss('profile-deleted');
      set({ draft, problems: [], saved: false, pasted: undefined, presetId: 'own' });
    };
    const savedDraft = (id: string | undefined): ProfileDraft | undefined =>
      draftOf(get().profiles.find((profile) => profile.id === id));
    const notSaved = (problems: readonly ProfileProblem[], error: AppErrorInfo): false => {
      const alert = alertFromError('profile', 'profileNotSaved', error);
      alerts.getState().show({ ...alert, isBesideField: problems.length > 0 });
      set(({ refusals }) => ({ problems, refusals: refusals + 1 }));
      return false;
    };
    /** Asks before a saved key is deleted; `undefined` where nothing is to be saved after all. */
    const withKeyMeant = async (draft: ProfileDraft): Promise<ProfileDraft | undefined> => {
      const profile = get().profiles.find(({ id }) => id === draft.id);
      if (!profile?.hasKey || draft.streamKey?.trim() !== '') return draft;
      // What was saved as the key is back in the URL.
      if (draft.serverUrl.trim() === get().keptUrl) return draft;
      const answer = await questions.getState().ask({ type: 'deleteKey', name: profile.name });
      if (answer === 'delete') return draft;
      if (answer !== 'keep') return undefined;
      return withoutKey(draft);
    };
    /** Asks where something that was typed would be lost with the draft. False: it is to stay. */
    const leave = async (): Promise<boolean> => {
      const { draft, profiles, save } = get();
      if (!isWorthKeeping(draft, profiles)) return true;
      const name = draft?.name.trim() ?? '';
      const answer = await questions.getState().ask({ type: 'unsaved', name });
      return answer === 'discard' || (answer === 'save' && (await save()));
    };
    return {
      profiles: visible(),
      draft: undefined,
      saving: false,
      saved: false,
      problems: [],
      refusals: 0,
      removal: undefined,
      pasted: undefined,
      keptUrl: undefined,
      presetId: 'own',
      choosePreset: (presetId) => set({ presetId }),
      receive: (list) => {
        const before = get();
        const keeps = isWorthKeeping(before.draft, before.profiles);
        listed = list;
        const profiles = visible();
        const isThere = (id: string): boolean => list.some((profile) => profile.id === id);
        set({ profiles });
        const { draft } = before;
        if (draft && (keeps || draft.id === undefined)) {
          if (draft.id === undefined || isThere(draft.id)) return;
          // Deleted elsewhere: what was typed here is that of a new profile.
          const profile = names.get(draft.id) ?? draft.name;
          const error = describeError('PROFILE_DELETED_ELSEWHERE', { profile });
          alerts.getState().show({ topic: 'profile-deleted', title: 'profileDeleted', error });
          set({ draft: asNew(draft) });
          return;
        }
        const now = savedDraft(draft?.id);
        if (JSON.stringify(now) !== JSON.stringify(draft)) show(now);
      },
      open: async (id) => {
        // What is open already stays as it is.
        if (get().draft?.id === id || !(await leave())) return;
        show(savedDraft(id));
      },
      close: async () => {
        const isLeft = await leave();
        if (isLeft) show(undefined);
        return isLeft;
      },
      startNew: async () => {
        if (isWorthKeeping(get().draft, get().profiles) && !(await leave())) return;
        show({ ...emptyDraft });
      },
      startNewFrom: async (known) => {
        if (!(await leave())) return false;
        show({ ...emptyDraft, ...known });
        return true;
      },
      edit: (patch) => {
        const { draft, problems } = get();
        if (!draft) return;
        const left = problems.filter(({ field }) => !(field in patch));
        if (left.length === 0) alerts.getState().dismiss('profile');
        // A whole URL as the key is told apart, too, and takes the place of the server's: that is said.
        const { streamKey: text = '' } = patch;
        const parts = fieldsOf(text);
        const isWhole = parts?.streamKey !== undefined;
        const key = tidyTypedKey(text);
        // While somebody types a space it stays.
        const tidied = key === text.trim() ? {} : { streamKey: key };
        const next = { ...draft, ...patch, ...(isWhole ? parts : tidied) };
        const pasted = isWhole
          ? ({ field: 'streamKey', text: text.trim(), before: draft } as const)
          : undefined;
        set({ draft: next, problems: left, saved: false, pasted });
      },
      pasteUrl: (text) => {
        const parts = fieldsOf(text);
        const { draft, edit } = get();
        if (!draft || parts === undefined) return false;
        edit(parts);
        if (parts.streamKey !== undefined)
          set({ pasted: { field: 'serverUrl', text: tidyTypedUrl(text).trim(), before: draft } });
        return true;
      },
      joinUrl: () => {
        const { pasted } = get();
        if (!pasted) return;
        if (pasted.field === 'streamKey') {
          show(pasted.before);
        } else {
          set({ keptUrl: pasted.text });
          show({ ...pasted.before, serverUrl: pasted.text });
        }
      },
      splitUrl: () => {
        const { draft, edit } = get();
        const parts = draft && fieldsOf(draft.serverUrl);
        if (parts) edit(parts);
      },
      discard: () => show(savedDraft(get().draft?.id)),
      revealKey: async () => {
        const id = get().draft?.id;
        if (id === undefined) return undefined;
        try {
          const { streamKey } = await client.profiles.revealKey({ id });
          alerts.getState().dismiss('profile');
          return streamKey;
        } catch (error) {
          fail('keyNotShown', error);
          return undefined;
        }
      },
      save: async () => {
        const { draft: drafted, presetId } = get();
        if (!drafted) return true;
        const before = completed(drafted, presetId);
        // What is refused is seen as it would be saved.
        if (before !== drafted) set({ draft: before });
        const parts = fieldsInUrl(before, get());
        if (parts?.streamKey !== undefined) get().pasteUrl(before.serverUrl);
        const { draft: typed = before, pasted } = get();
        const problems = profileProblems(typed);
        if (problems[0]) return notSaved(problems, problems[0].error);
        const draft = await withKeyMeant(typed);
        if (!draft) return false;
        set({ saving: true });
        try {
          // Its name may be the one that is wanted.
          await removing;
          const service = draft.id === undefined ? { service: presetId } : undefined;
          const { id } = await client.profiles.save({ ...draft, ...service });
          listed = await client.profiles.list();
          set({ profiles: visible() });
          if (draft.id === undefined) ticks.addSaved(id);
          show(savedDraft(id));
          set({ saved: true });
          if (pasted && parts)
            set({ pasted: { ...pasted, before: { ...before, id, streamKey: '' } } });
          return true;
        } catch (error) {
          const info = get().withName(toAppErrorInfo(error));
          const problem = problemOf(info);
          return notSaved(problem ? [problem] : [], info);
        } finally {
          set({ saving: false });
        }
      },
      remove: async () => {
        await get().finishRemoval();
        const { profiles: before, draft } = get();
        const profile = before.find(({ id }) => id === draft?.id);
        if (profile?.kind !== 'rtmp') return;
        const wasTicked = ticks.has(profile.id);
        hidden = profile.id;
        if (wasTicked) ticks.remove(profile.id);
        set({ profiles: visible(), removal: { profile, draft, wasTicked } });
        show(undefined);
        const removed = client.profiles.remove({ id: profile.id });
        removing = removed.catch(() => undefined);
        try {
          await removed;
        } catch (error) {
          set({ removal: undefined });
          // Whoever else deleted it did what was wanted.
          if (toAppErrorInfo(error).code === 'PROFILE_NOT_FOUND') return;
          hidden = undefined;
          set({ profiles: visible() });
          if (wasTicked) ticks.add(profile.id);
          fail('profileNotDeleted', error);
        }
      },
      restore: async () => {
        await removing;
        const { removal } = get();
        if (!removal) return;
        const { id } = removal.profile;
        try {
          await client.profiles.restore({ id });
          listed = await client.profiles.list();
        } catch (error) {
          fail('profileNotRestored', error);
          return;
        }
        hidden = undefined;
        if (removal.wasTicked) ticks.add(id);
        set({ profiles: visible(), removal: undefined });
        // Something else may be typed by now.
        if (!isWorthKeeping(get().draft, get().profiles)) show(removal.draft);
      },
      finishRemoval: async () => {
        await removing;
        const { removal } = get();
        if (!removal) return;
        set({ removal: undefined });
        // An engine that is gone has forgotten it.
        await client.profiles.forget({ id: removal.profile.id }).catch(() => undefined);
      },
      withName: (error) => {
        const { profile } = error.data;
        const name = typeof profile === 'string' ? names.get(profile) : undefined;
        return name === undefined ? error : { ...error, data: { ...error.data, profile: name } };
      },
    };
  });
}
