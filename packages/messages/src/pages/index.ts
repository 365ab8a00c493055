import type { Catalog } from '../catalog.js';
import type { Language } from '../language.js';
import { matchLanguage } from '../language.js';
import { pages } from './pages.en.js';
import { pages as pagesZhCn } from './pages.zh-cn.js';

const en = { pages } as const;

/** For catalogs as a whole; pages take {@link pageWords}. */
export const pagesCatalog = { en, 'zh-CN': { pages: pagesZhCn } } as const satisfies Catalog<
  typeof en
>;

export type Refusal = keyof typeof pages.refusals;
export type PageWords = (typeof pagesCatalog)[Language]['pages'];

/**
 * The words of pages in the language that a browser wishes for, without anything that has to be loaded for them.
 *
 * @param acceptLanguage the header's value, such as `de-CH, zh;q=0.8`; the order counts, as browsers write it.
 */
export function pageWords(acceptLanguage: string | undefined): {
  readonly language: Language;
  readonly words: PageWords;
} {
  const wishes = (acceptLanguage ?? '').split(',').map((wish) => wish.split(';')[0]?.trim());
  const language = matchLanguage(wishes);
  return { language, words: pagesCatalog[language].pages };
}
