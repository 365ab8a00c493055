import type { AppErrorInfo, Profile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { profileName } from './profile-text.js';
import type { ProfileDraft } from './profile-draft.js';

/** One of those that Go Live takes. */
export interface Target {
  /** Absent for a new one, which Go Live saves first. */
  readonly profile: Profile | undefined;
  /** What the editor holds of it, as it will be saved; Go Live does that first. */
  readonly draft: ProfileDraft | undefined;
  /** Why the draft was not saved, until it is changed, or could not be. */
  readonly problem: AppErrorInfo | undefined;
}

export interface TargetsInput {
  readonly ticked: readonly Profile[];
  /** Somebody has ticked them: what is ticked by itself gives way to a new one. */
  readonly isChosen: boolean;
  readonly draft: ProfileDraft | undefined;
  readonly problem: AppErrorInfo | undefined;
}

/** All that are ticked, and the new one that is being made: once it is saved it is ticked, too. */
export function targetsOf({ ticked, isChosen, draft, problem }: TargetsInput): readonly Target[] {
  const isNew = draft !== undefined && draft.id === undefined;
  const added = { profile: undefined, draft, problem };
  if (isNew && !isChosen) return [added];
  const targets = ticked.map((profile) =>
    profile.id === draft?.id
      ? { profile, draft, problem }
      : { profile, draft: undefined, problem: undefined },
  );
  return isNew ? [...targets, added] : targets;
}

/** What it is called, as it will be saved. */
export function targetName({ profile, draft }: Target, messages: WindowMessages): string {
  const typed = draft?.name.trim() ?? '';
  if (typed !== '') return typed;
  return profile ? profileName(profile, messages) : messages.t('window.profiles.unsaved');
}
