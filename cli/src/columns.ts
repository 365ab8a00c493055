/** Characters that take two columns of a terminal: those of Chinese, Japanese and Korean, and their punctuation. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** How many columns of a terminal `text` takes. */
export const columns = (text: string): number => text.length + (text.match(wide)?.length ?? 0);

/** `text` with spaces behind it, so that what follows begins at the same column in every language. */
export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - columns(text)));
