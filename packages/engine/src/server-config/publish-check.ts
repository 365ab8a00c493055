import { createHash } from 'node:crypto';
import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { block, comment, type Lines } from './config-text.js';
import { argument } from './nginx-syntax.js';

/** As long as its arguments may be, nginx's RTMP module takes the key of a publisher; what is longer it cuts. */
export const longestPublishKey = 200;

/** The key as it stands in a URL. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Where nginx asks itself. It follows from the key, so that nobody who does not know the key can ask, too. */
export const publishCheckPath = (key: string): string =>
  `/publish-${createHash('sha256').update(`publish check\n${key}`).digest('hex').slice(0, 32)}`;

/** Whether nginx needs {@link dollarVariable} to write the key. */
export const needsDollar = (key: string): boolean =>
  spellings(key).some((each) => each.includes('$'));

/** A variable that is `$`, for strings in which `$` begins a variable. */
export const dollarVariable = (words: ServerConfigWords): Lines => [
  comment(words.nginx.dollar),
  block('geo $dollar', 'default "$";'),
];

/** The location that tells whether a publisher has the key. */
export function publishCheck(key: string, words: ServerConfigWords): Lines {
  const [first, ...others] = spellings(key);
  const accept = (spelling: string): string =>
    `if ($arg_key = ${quoted(spelling)}) { return 204; }`;
  return [
    comment(words.nginx.publishCheck),
    block(
      `location = ${publishCheckPath(key)}`,
      'access_log off;',
      'error_log /dev/null crit;',
      accept(first ?? key),
      others.map((spelling) => [comment(words.nginx.percentEncoded), accept(spelling)]),
      'return 403;',
    ),
  ];
}

/**
 * How publishers may write the key: nginx compares what stands in their URL. As it is, unless it has a character that
 * ends an argument or a request there, and percent-encoded.
 */
function spellings(key: string): string[] {
  const encoded = encodedKey(key);
  if (encoded === key) return [key];
  return /[&#\s]/.test(key) ? [encoded] : [key, encoded];
}

/** Always in quotes, in which nginx lets the bracket of a condition follow. */
function quoted(text: string): string {
  const written = argument(text).replace(/^"|"$/g, '');
  return `"${written.replaceAll('$', '$' + '{dollar}')}"`;
}
