import type { WindowMessages } from '@tallylight/messages/window';

/** Things one after the other, as the language lists them. */
export const listOf = (things: readonly string[], { language }: WindowMessages): string =>
  new Intl.ListFormat(language).format(things);
