import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';

/** What the command line says in English. */
export const cliEnglish = createMessages('en', cliCatalog);

/** And in Chinese. */
export const cliChinese = createMessages('zh-CN', cliCatalog);
