import { profileProblems, type Profile } from '@tallylight/contract';
import { useStore } from 'zustand';
import { completed, fieldsInUrl, isDraftMeant } from '../state/profile-draft.js';
import { targetsOf, type Target } from '../state/targets.js';
import { tickedProfiles } from '../state/ticks.js';
import { useStudio } from './studio-context.js';

/** The profiles that are ticked. */
export function useTicked(): readonly Profile[] {
  const { profiles: store, settings: settingsStore } = useStudio();
  const profiles = useStore(store, (state) => state.profiles);
  const settings = useStore(settingsStore, (state) => state.settings);
  return tickedProfiles(profiles, settings);
}

/** Where Go Live would go, as the editor's draft will be saved. */
export function useTargets(): readonly Target[] {
  const { profiles, settings } = useStudio();
  const state = useStore(profiles);
  const { problems } = state;
  const isMeant = isDraftMeant(state.draft, state.profiles);
  const draft = state.draft && isMeant ? completed(state.draft, state.presetId) : undefined;
  const meant = draft && { ...draft, ...fieldsInUrl(draft, state) };
  const problem = (problems[0] ?? (meant && profileProblems(meant)[0]))?.error;
  const isChosen = useStore(settings, (now) => now.settings.profileIds !== undefined);
  return targetsOf({ ticked: useTicked(), isChosen, draft: meant, problem });
}
