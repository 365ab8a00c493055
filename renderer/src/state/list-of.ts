import type { WindowMessages } from '@tallylight/messages/window';

/** Things one after the other, as the language lists them. */
export const listOf = (things: readonly string[], { language }: WindowMessages): string =>
  new Intl.ListFormat(language).format(things);

/** Names one after the other, each as the language marks a name within a sentence. */
export const namesOf = (names: readonly string[], messages: WindowMessages): string =>
  listOf(
    names.map((name) => messages.t('window.quoted', { name })),
    messages,
  );
