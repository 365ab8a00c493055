/** The full-width forms of ASCII, as Chinese and Japanese input methods write them. Keeps the length. */
export const toAscii = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ');
