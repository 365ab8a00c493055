import { toAscii } from './full-width.js';
import { closingQuote, readLabelledText } from './labelled-text.js';

/** The scheme and what is before its path; before that, a label of a page such as "Server: ". */
const place =
  /^([^/?#@=]*?)(?<![a-z0-9+.-])((?:rtmp[a-z]*|(?<=^)[a-z][a-z0-9+.-]*):\/\/)([^/?#]*)/i;

/**
 * A URL as it was meant: full-width forms in it are those of ASCII (`rtmp：//host：1935／live`), and what a page has
 * before it ("Server: rtmp://…") goes, as quotes around it do; a stream key that such a text has behind its own label is
 * put where a URL has it. Of what may be a stream key or a password nothing is changed. What is no URL stays
 * as it is.
 */
export function tidyTypedUrl(text: string): string {
  const labelled = readLabelledText(text);
  if (!labelled) return tidyUrl(text);
  return `${tidyUrl(labelled.url).replace(/\/*$/, '/')}${labelled.streamKey}`;
}

function tidyUrl(quoted: string): string {
  const [start, before = '', scheme, authority] = place.exec(toAscii(quoted)) ?? [];
  if (start === undefined || scheme === undefined || authority === undefined) return quoted;
  const text = withoutQuote(quoted, before.length);
  const hostAt = start.length - authority.length + authority.lastIndexOf('@') + 1;
  const user = text.slice(start.length - authority.length, hostAt).replace(/＠$/, '@');
  const host = toAscii(text.slice(hostAt, start.length)).replace(/[。｡]/g, '.');
  return scheme + user + host + tidyPath(text.slice(start.length));
}

/** Without the quote at the end of what has one before `at`. */
function withoutQuote(text: string, at: number): string {
  const closing = closingQuote(text.slice(0, at).trimEnd().at(-1));
  const end = text.trimEnd();
  return closing !== undefined && end.endsWith(closing) ? end.slice(0, -1) : text;
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
