import { toAscii } from './full-width.js';

/**
 * What services call a stream key on their pages, in their applications and in the guides to them: Bilibili 串流密钥, Douyin
 * and Kuaishou 推流码 or 串流密钥, Huya and WeChat Channels 推流密钥, others 直播码 or 流名称; Twitch, YouTube and Facebook
 * "Stream key", in traditional characters 串流金鑰.
 */
const hanLabels = '(?:串流|推流|直播|流)(?:密[钥匙]|金鑰|密鑰|码|碼)|流名称?';
const latinLabels = 'stream(?:ing)?[ _-]?(?:key|name)';

/** What a page has between a label and what it is of: a translation in brackets, a colon, or the next line or cell. */
const behindLabel = '\\s*(?:\\([^)]*\\)\\s*)?[*`]*(?::\\s*|\\s*[\\n\\t]\\s*)';

const keyLabel = new RegExp(
  `(?:${hanLabels}|(?<![^\\s,;|*"'\`(])(?:rtmp )?${latinLabels})${behindLabel}[*]*`,
  'iu',
);

/** Where what stands behind a key begins, if no space divides them. */
const serverLabel = /(?:RTMP)?(?:服务器|推流|串流|直播)?(?:地址|服务器)|server(?: url)?\s*:/iu;

const urlPart = /rtmp[a-z]*:\/\/[^\s"'`<>|*“”‘’「」『』《》,;、。]+/iu;

const quotes = ['""', "''", '``', '“”', '‘’', '「」', '『』', '《》', '<>'];

/** What closes what `open` opens, where that is a quote. */
export const closingQuote = (open: string | undefined): string | undefined =>
  open === undefined ? undefined : quotes.find((pair) => pair.startsWith(open))?.at(1);

/** Without the quotes around it. */
function unquoted(text: string): string {
  const closing = closingQuote(text.at(0));
  const isQuoted = closing !== undefined && text.length > 2 && text.endsWith(closing);
  return isQuoted ? text.slice(1, -1).trim() : text;
}

/**
 * The URL of a server and the stream key out of a text in which the key has a label, or the next line or cell to itself, as
 * services' pages are copied: `服务器地址：rtmp://… 串流密钥：…`. `undefined` where that is not sure.
 */
export function readLabelledText(
  text: string,
): { readonly url: string; readonly streamKey: string } | undefined {
  // The same length, so what is found is at the same place.
  const ascii = toAscii(text);
  const label = keyLabel.exec(ascii);
  const url = urlPart.exec(ascii);
  if (!url) return undefined;
  const urlEnd = url.index + url[0].length;
  const original = text.slice(url.index, urlEnd);
  if (!label) {
    // Of what has more than an application, the line may end in the middle of the key.
    if (!/^[^/]*\/\/[^/]*\/(?:[^/?]+|.*\/)$/u.test(toAscii(original))) return undefined;
    const [, key] = /^["'`”’」』>]?[ \r]*[\n\t]\s*(\S+)\s*$/u.exec(text.slice(urlEnd)) ?? [];
    return key === undefined ? undefined : { url: original, streamKey: unquoted(key) };
  }
  // What is read as a label inside of the URL is a part of its path.
  const isGlued = label.index > url.index && label.index < urlEnd;
  const keyAt = label.index + label[0].length;
  const [word = ''] = /^\S*/u.exec(text.slice(keyAt)) ?? [];
  const behind = serverLabel.exec(toAscii(word));
  const streamKey = unquoted(
    (behind ? word.slice(0, behind.index) : word).replace(/[，。；、,;]+$/u, ''),
  );
  if (streamKey === '') return undefined;
  return { url: isGlued ? text.slice(url.index, label.index) : original, streamKey };
}

const wholeLabel = new RegExp(
  `^(?:${hanLabels}|(?:rtmp )?${latinLabels})${behindLabel}(?=\\S)`,
  'iu',
);

/** A stream key as it was meant: without the label and the quotes that a page has around it. Nothing else is changed. */
export function tidyTypedKey(text: string): string {
  const key = text.trim();
  const [label = ''] = wholeLabel.exec(toAscii(key)) ?? [];
  return unquoted(key.slice(label.length));
}
