import type { WindowMessages } from '@tallylight/messages/window';

/** Sentences one after the other, as the language sets them; those that are empty are left out. */
export const sentences = ({ t }: WindowMessages, ...all: readonly string[]): string =>
  all.filter((sentence) => sentence !== '').join(t('window.sentenceGap'));
