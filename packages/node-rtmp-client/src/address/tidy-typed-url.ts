/** The full-width forms of ASCII, as Chinese and Japanese input methods write them. Keeps the length. */
const toAscii = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ');

/** The scheme and what is before its path; before that, a label of a page such as "Server: ". */
const place =
  /^([^/?#@=]*?)(?<![a-z0-9+.-])((?:rtmp[a-z]*|(?<=^)[a-z][a-z0-9+.-]*):\/\/)([^/?#]*)/i;

/**
 * A URL as it was meant: full-width forms in it are those of ASCII (`rtmp：//host：1935／live`), and what a page has
 * before it ("Server: rtmp://…") goes. Of what may be a stream key or a password nothing is changed. What is no URL stays
 * as it is.
 */
export function tidyTypedUrl(text: string): string {
  const [start, , scheme, authority] = place.exec(toAscii(text)) ?? [];
  if (start === undefined || scheme === undefined || authority === undefined) return text;
  const hostAt = start.length - authority.length + authority.lastIndexOf('@') + 1;
  const user = text.slice(start.length - authority.length, hostAt).replace(/＠$/, '@');
  const host = toAscii(text.slice(hostAt, start.length)).replace(/[。｡]/g, '.');
  return scheme + user + host + tidyPath(text.slice(start.length));
}

function tidyPath(text: string): string {
  const queryAt = toAscii(text).search(/[?#]/);
  const path = (queryAt < 0 ? text : text.slice(0, queryAt)).replaceAll('／', '/');
  const query = queryAt < 0 ? '' : text.slice(queryAt);
  const lastAt = path.replace(/[/\s]+$/, '').lastIndexOf('/');
  // The last of several segments may be the key, and so may what is behind it.
  if (lastAt > 0) return toAscii(path.slice(0, lastAt)) + path.slice(lastAt) + query;
  return toAscii(path) + query.replace(/[？＝＆]/g, toAscii);
}
