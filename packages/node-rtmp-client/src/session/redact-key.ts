const mask = '•••';
/** A shorter key, or one of letters only, may also be a word, or part of one, that has nothing to do with the key. */
const couldBeWord = /^(.{1,4}|\p{L}{5,11})$/u;

/**
 * Removes a stream key from words that came from a server: servers like to repeat it. Also its parts, since a server
 * may show only the name or only a token of its query.
 */
export function redactKey(text: string, streamKey: string): string {
  const [name, query = ''] = splitOnce(streamKey, '?');
  const values = query.split('&').map((pair) => splitOnce(pair, '=')[1] ?? '');
  const secrets = [streamKey, name, query, ...values]
    .flatMap((secret) => [
      secret,
      attempt(encodeURIComponent, secret),
      attempt(decodeURIComponent, secret),
    ])
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length);
  let redacted = text;
  for (const secret of new Set(secrets)) {
    const escaped = secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    // Inside a longer word it is not the key, and the hole would only give away what the key is.
    const pattern = couldBeWord.test(secret)
      ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`
      : escaped;
    redacted = redacted.replace(new RegExp(pattern, 'giu'), mask);
  }
  return redacted;
}

/** The same for several secrets. */
export const redactSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce(redactKey, text);

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function attempt(convert: (text: string) => string, text: string): string {
  try {
    return convert(text);
  } catch {
    return text;
  }
}
