import { pageWords } from '@tallylight/messages/pages';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };

/**
 * The viewer page in the browser's language: `{{key}}` in `template` gives way to the viewer's words, and `{{words}}` to
 * all of them, for the page's script.
 */
export function viewerPage(template: string, acceptLanguage: string | undefined): string {
  const { language, words } = pageWords(acceptLanguage);
  // Within a script element only `<` could end it.
  const json = JSON.stringify(words.viewer).replaceAll('<', '\\u003c');
  const values: Readonly<Record<string, string>> = { ...words.viewer, language };
  return template.replace(/\{\{(\w+)\}\}/g, (whole, key: string) =>
    key === 'words' ? json : (values[key]?.replace(/[&<"]/g, (c) => escapes[c] ?? c) ?? whole),
  );
}
