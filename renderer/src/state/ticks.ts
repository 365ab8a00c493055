import { builtInProfileId, mostTicks, type Profile, type Settings } from '@tallylight/contract';
import { createStore } from 'zustand/vanilla';
import type { SettingsStore } from './settings-store.js';

type TickSettings = Pick<Settings, 'profileIds'>;

/** Before anybody has ticked one, it is the built-in server. */
const tickedIds = ({ profileIds }: TickSettings): readonly string[] =>
  profileIds ?? [builtInProfileId];

/** The profiles that are ticked, in their order in the list. Those that are gone are not. */
export const tickedProfiles = (
  profiles: readonly Profile[],
  settings: TickSettings,
): readonly Profile[] => {
  const ids = new Set(tickedIds(settings));
  return profiles.filter(({ id }) => ids.has(id));
};

/** What is ticked, for the next broadcast and for what can be added to one that runs. */
export class Ticks {
  readonly #settings: SettingsStore;
  /** The profile that has taken the place of the built-in server, by itself, until somebody ticks, or has read it. */
  readonly replacement = createStore<{
    readonly id: string | undefined;
  }>(() => ({ id: undefined }));

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  has(id: string): boolean {
    return this.#ids.includes(id);
  }

  add(id: string): void {
    this.set([...this.#ids, id]);
  }

  remove(id: string): void {
    this.set(this.#ids.filter((other) => other !== id));
  }

  /** A new profile: it takes the place of the built-in server where nobody has ticked that, or anything. */
  addSaved(id: string): void {
    const { profileIds } = this.#settings.getState().settings;
    this.set([...(profileIds ?? []), id]);
    if (profileIds === undefined) this.replacement.setState({ id });
  }

  set(ids: readonly string[]): void {
    this.#settings.getState().update({ profileIds: [...new Set(ids)].slice(-mostTicks) });
    this.forgetReplacement();
  }

  forgetReplacement(): void {
    this.replacement.setState({ id: undefined });
  }

  get #ids(): readonly string[] {
    return tickedIds(this.#settings.getState().settings);
  }
}
