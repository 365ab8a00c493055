/** BCP 47 tags of the languages that Tallylight speaks, the first one where none fits. */
export const languages = ['en', 'zh-CN'] as const;

export type Language = (typeof languages)[number];

/**
 * The language that fits best.
 *
 * @param wishes tags, the dearest first, as browsers (`zh-Hans-CN`) or POSIX (`zh_CN.UTF-8`, `C`) write them. Chinese of
 *   any script or region is better served with the Chinese there is than with English.
 */
export function matchLanguage(wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    const primary = /^[a-z]{2,3}(?=$|[-_.@])/i.exec(wish ?? '')?.[0].toLowerCase();
    const match = languages.find((language) => language.split('-')[0] === primary);
    if (match) return match;
  }
  return languages[0];
}
