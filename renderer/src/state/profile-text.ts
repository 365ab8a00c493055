import { builtInProfileId, type DestinationStatus, type Profile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { namesOf } from './list-of.js';

/** What the profile is called: the built-in one has a name in each language. */
export const profileName = ({ kind, name }: Profile, { t }: WindowMessages): string =>
  kind === 'built-in' ? t('window.profiles.builtIn') : name;

/** What a destination of a broadcast is called, by the same rule. */
export const destinationName = (
  { id, name }: Pick<DestinationStatus, 'id' | 'name'>,
  { t }: WindowMessages,
): string => (id === builtInProfileId ? t('window.profiles.builtIn') : name);

/** Several of them within a sentence. */
export const destinationNames = (
  destinations: readonly Pick<DestinationStatus, 'id' | 'name'>[],
  messages: WindowMessages,
): string =>
  namesOf(
    destinations.map((destination) => destinationName(destination, messages)),
    messages,
  );

/** Where it goes; of the built-in server the address is not known before it runs. */
export const profileUrl = ({ shownUrl }: Profile, { t }: WindowMessages): string =>
  shownUrl === '' ? t('window.profiles.builtInUrl') : shownUrl;
