import type { ReasonCode } from '@tallylight/contract';
import { pages } from './pages/pages.en.js';

/** What our own server tells publishers over RTMP, in English for whoever shows it as it is. */
const known = new Map<string, ReasonCode>([
  [pages.publishKey.missing, 'publish-key-missing'],
  [pages.publishKey.wrong, 'publish-key-wrong'],
]);

/** What is meant by the words of a server that is ours, to be said in the reader's language. */
export const saidByOurServer = (words: string): ReasonCode | undefined => known.get(words);
