import { destinationsOf, type BroadcastSnapshot, type Profile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { listOf } from './list-of.js';
import { destinationName, profileName } from './profile-text.js';
import type { ProfileDraft } from './profile-draft.js';
import { isRunning, type Stage } from './stage.js';

export interface GoingToInput {
  readonly stage: Stage;
  /** Of the broadcast that was asked for, see `currentSnapshot`. */
  readonly snapshot: BroadcastSnapshot;
  /** What this window has chosen for its next one. */
  readonly profile: Profile | undefined;
  readonly draft: ProfileDraft | undefined;
}

/** Where the broadcast goes that runs, whoever has begun it; else where Go Live would go. */
export function goingTo(input: GoingToInput, messages: WindowMessages): string | undefined {
  const { stage, snapshot, profile, draft } = input;
  const destinations = isRunning(stage) ? destinationsOf(snapshot) : [];
  if (destinations.length > 0) {
    return listOf(
      destinations.map((destination) => destinationName(destination, messages)),
      messages,
    );
  }
  // One that only records goes nowhere.
  if (isRunning(stage) && snapshot.outputs.length > 0) return undefined;
  // Going live saves it, and goes there.
  if (draft && draft.id === undefined) {
    return draft.name.trim() || messages.t('window.profiles.unsaved');
  }
  return profile && profileName(profile, messages);
}

/** Whether a broadcast runs that does not go to what this window has chosen. */
export const goesElsewhere = ({ stage, snapshot, profile }: GoingToInput): boolean =>
  isRunning(stage) &&
  snapshot.outputs.length > 0 &&
  !destinationsOf(snapshot).some(({ id }) => id === profile?.id);
