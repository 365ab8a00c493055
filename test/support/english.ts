import { createMessages } from '@tallylight/messages';

/** What is said in English, for tests that read sentences. */
export const english = createMessages('en');
