const mask = '•••';

/**
 * Removes a stream key from words that came from a server: servers like to repeat it. Also its parts, since a server
 * may show only the name or only a token of its query.
 */
export function redactKey(text: string, streamKey: string): string {
  const [name, query = ''] = splitOnce(streamKey, '?');
  const values = query.split('&').map((pair) => splitOnce(pair, '=')[1] ?? '');
  const secrets = [streamKey, name, query, ...values]
    .flatMap((secret) => [secret, encodeURIComponent(secret), tryDecode(secret)])
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length);
  let redacted = text;
  for (const secret of new Set(secrets)) {
    const escaped = secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    // A key of a few letters would make holes in ordinary words, so it must stand alone.
    const pattern = secret.length < 5 ? `(?<![\\w-])${escaped}(?![\\w-])` : escaped;
    redacted = redacted.replace(new RegExp(pattern, 'g'), mask);
  }
  return redacted;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
