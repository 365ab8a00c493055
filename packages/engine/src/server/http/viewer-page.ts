import { pageWords, type PageWords } from '@tallylight/messages/pages';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };

/** Which words a page is written with. */
export type PageSection = keyof Pick<PageWords, 'viewer' | 'stat'>;

/**
 * A page in the browser's language: `{{key}}` in `template` gives way to its words, and `{{words}}` to
 * all of them, for the page's script.
 */
export function viewerPage(
  template: string,
  section: PageSection,
  acceptLanguage: string | undefined,
): string {
  const { language, words } = pageWords(acceptLanguage);
  // Within a script element only `<` could end it.
  const json = JSON.stringify(words[section]).replaceAll('<', '\\u003c');
  const values: Readonly<Record<string, string>> = { ...words[section], language };
  return template.replace(/\{\{(\w+)\}\}/g, (whole, key: string) =>
    key === 'words' ? json : (values[key]?.replace(/[&<"]/g, (c) => escapes[c] ?? c) ?? whole),
  );
}
