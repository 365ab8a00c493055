import { createMessages, matchLanguage, type Language } from '@tallylight/messages';
import { windowCatalog, type WindowMessages } from '@tallylight/messages/window';
import type { LanguageSetting } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the window says, in the language it says it in. */
export type MessagesStore = StoreApi<WindowMessages>;

export const windowMessages = (language: Language): WindowMessages =>
  createMessages<(typeof windowCatalog)['en']>(language, windowCatalog);

/** @param systemLanguages what the system or the browser prefers, the dearest first. */
export const languageOf = (
  setting: LanguageSetting,
  systemLanguages: readonly string[],
): Language => matchLanguage(setting === 'system' ? systemLanguages : [setting]);

export const createMessagesStore = (language: Language): MessagesStore =>
  createStore<WindowMessages>()(() => windowMessages(language));
