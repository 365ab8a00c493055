import { AppError, describeError, mostDestinations } from '@tallylight/contract';
import { isDirty, isDraftMeant } from '../state/profile-draft.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import { tooMany } from '../state/readiness.js';
import type { SettingsStore } from '../state/settings-store.js';
import { tickedProfiles } from '../state/ticks.js';

interface Parts {
  readonly profiles: ProfilesStore;
  readonly settings: SettingsStore;
}

/**
 * The profiles that are ticked; what the editor holds of them, or of a new one, is saved first. `undefined` where that
 * failed and was said.
 */
export async function readyProfileIds({
  profiles,
  settings,
}: Parts): Promise<string[] | undefined> {
  const ids = (): string[] =>
    tickedProfiles(profiles.getState().profiles, settings.getState().settings).map(({ id }) => id);
  const { draft, profiles: saved, save } = profiles.getState();
  const isTaken = draft?.id === undefined || ids().includes(draft.id);
  const isMeant = isDraftMeant(draft, saved) && isTaken;
  if (isMeant && isDirty(draft, saved) && !(await save())) return undefined;
  const ticked = ids();
  if (ticked.length === 0) throw new AppError(describeError('NO_DESTINATION_TICKED'));
  if (ticked.length > mostDestinations) throw new AppError(tooMany(ticked.length));
  return ticked;
}
