import {
  completeServerUrl,
  presetOf,
  type DestinationPresetId,
  type Profile,
} from '@tallylight/contract';
import { fieldsOf } from './pasted-url.js';

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
  readonly playUrl?: string;
}

interface SavedState {
  readonly profiles: readonly Profile[];
  /** A URL that ends with what may be a key, and is to stay whole. */
  readonly keptUrl: string | undefined;
}

export const draftOf = (profile: Profile | undefined): ProfileDraft | undefined =>
  profile?.kind === 'rtmp'
    ? { id: profile.id, name: profile.name, serverUrl: profile.serverUrl }
    : undefined;

export const emptyDraft: ProfileDraft = { name: '', serverUrl: '', streamKey: '' };

export const withoutKey = (draft: ProfileDraft): ProfileDraft => {
  const rest: { -readonly [Key in keyof ProfileDraft]: ProfileDraft[Key] } = { ...draft };
  delete rest.streamKey;
  return rest;
};

export const asNew = (draft: ProfileDraft): ProfileDraft => {
  const rest: { -readonly [Key in keyof ProfileDraft]: ProfileDraft[Key] } = {
    streamKey: '',
    ...draft,
  };
  delete rest.id;
  return rest;
};

/** The draft as it is saved: to the address of a new one comes what its kind of server is known to want. */
export function completed(draft: ProfileDraft, presetId: DestinationPresetId): ProfileDraft {
  const preset = draft.id === undefined ? presetOf(presetId) : undefined;
  if (!preset) return draft;
  const serverUrl = completeServerUrl(draft.serverUrl, preset);
  return serverUrl === draft.serverUrl ? draft : { ...draft, serverUrl };
}

/** What the draft's URL has something for, where saving takes its end for the key. */
export function fieldsInUrl(
  draft: ProfileDraft,
  { profiles, keptUrl }: SavedState,
): ReturnType<typeof fieldsOf> {
  const saved = profiles.find(({ id }) => id === draft.id);
  if (draft.serverUrl === saved?.serverUrl || draft.serverUrl.trim() === keptUrl) return undefined;
  const parts = fieldsOf(draft.serverUrl);
  const typed = draft.streamKey?.trim() ?? (saved?.hasKey === true ? undefined : '');
  return typed === '' || (typed !== undefined && typed === parts?.streamKey) ? parts : undefined;
}

/** Whether the editor holds anything that is not saved. */
export function isDirty(draft: ProfileDraft | undefined, profiles: readonly Profile[]): boolean {
  if (!draft) return false;
  const saved = profiles.find((profile) => profile.id === draft.id);
  return (
    draft.streamKey !== undefined ||
    draft.password !== undefined ||
    (draft.user !== undefined && draft.user !== (saved?.user ?? '')) ||
    (draft.playUrl !== undefined && draft.playUrl !== (saved?.playUrl ?? '')) ||
    draft.name !== (saved?.name ?? '') ||
    draft.serverUrl !== (saved?.serverUrl ?? '')
  );
}

/** Whether Go Live heeds what the editor holds: a new profile into which nothing was typed is none yet. */
export const isDraftMeant = (
  draft: ProfileDraft | undefined,
  profiles: readonly Profile[],
): boolean => draft?.id !== undefined || isWorthKeeping(draft, profiles);

/** Whether something that was typed would be lost with the draft. */
export function isWorthKeeping(
  draft: ProfileDraft | undefined,
  profiles: readonly Profile[],
): boolean {
  if (!draft || !isDirty(draft, profiles)) return false;
  const { id, name, serverUrl, streamKey = '', user = '', password = '', playUrl = '' } = draft;
  const typed = [name, serverUrl, streamKey, user, password, playUrl];
  return id !== undefined || typed.some((text) => text.trim() !== '');
}
