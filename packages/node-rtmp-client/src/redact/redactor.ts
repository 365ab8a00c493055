const mask = '***';

/** A shorter secret, or one of letters only, may also be a part of a word that has nothing to do with it. */
const couldBePartOfWord = /^(.{1,4}|\p{L}{5,11})$/su;

/** Some keys are words, or numbers, that stand in every log and every sentence: "live", "a", "1". */
const couldBeWord = /^(.{1,2}|\p{L}{3,4}|\d{3,4})$/su;
const words = new Set([
  ...['audio', 'broadcast', 'camera', 'channel', 'church', 'connection', 'default', 'encoder'],
  ...['error', 'event', 'frame', 'frames', 'local', 'media', 'network', 'output', 'password'],
  ...['phone', 'picture', 'player', 'preview', 'program', 'public', 'publish', 'publisher'],
  ...['published', 'publishing', 'recording', 'screen', 'server', 'service', 'sound', 'source'],
  ...['started', 'state', 'status', 'stopped', 'stream', 'streaming', 'studio', 'video'],
]);

/** Values of a key's query that every log is full of, and that give nothing away. */
const saysNothing = /^(.?|true|false)$/su;

interface Form {
  readonly text: string;
  readonly pattern: RegExp;
}

/**
 * Replaces secrets in text by `***`: whole and in parts (a server may show only the name of a stream key, or only a
 * token of its query), in any case, and also where they were percent-encoded. A short secret is looked for as a word of
 * its own: inside a longer word it is not the secret, and the hole would only give away what it is. One that is a word
 * or a number of every day is looked for where a key stands: in quotes, in the path and the query of a URL, behind the word "stream", or alone.
 *
 * Forgets nothing: a key that was used once may still be in a line that is written later.
 */
export class Redactor {
  /** Longest first, so that a secret which contains another is replaced whole. */
  #forms: readonly Form[] = [];

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  /**
   * From now on the secret is looked for.
   *
   * @param secret such as a stream key, with its query. An empty one is without effect.
   */
  add(secret: string): void {
    const known = new Set(this.#forms.map(({ text }) => text));
    const forms = formsOf(secret).filter((text) => !known.has(text));
    if (forms.length === 0) return;
    this.#forms = [...this.#forms, ...forms.map(formOf)].sort(
      (a, b) => b.text.length - a.text.length,
    );
  }

  /** `text` without the secrets. */
  redact(text: string): string {
    let clean = text;
    for (const { pattern } of this.#forms) clean = clean.replace(pattern, mask);
    return clean;
  }

  /**
   * A copy of a JSON value without the secrets in its strings. Field names, numbers and literals stay, so that even a
   * key such as "1" or "time" leaves it readable by programs.
   */
  redactJson(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactJson(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, this.redactJson(field)]),
    );
  }

  /** The same for a line of JSON, which may end with a line feed; what is no JSON is redacted as text. */
  redactJsonLine(line: string): string {
    if (this.#forms.length === 0) return line;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.redact(line);
    }
    return `${JSON.stringify(this.redactJson(value))}${line.endsWith('\n') ? '\n' : ''}`;
  }
}

/** All that is looked for of one secret. */
function formsOf(secret: string): string[] {
  const [name, query = ''] = splitOnce(secret, '?');
  const values = query
    .split('&')
    .map((pair) => splitOnce(pair, '=')[1] ?? '')
    .filter((value) => !saysNothing.test(value));
  const forms = [secret, name, query, ...values].flatMap((part) => [
    part,
    attempt(encodeURI, part),
    attempt(encodeURIComponent, part),
    attempt(decodeURIComponent, part),
  ]);
  return [...new Set(forms)].filter((form) => form !== '');
}

function formOf(text: string): Form {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return { text, pattern: new RegExp(standing(text, escaped), 'giu') };
}

/** Where it has to stand. */
function standing(text: string, escaped: string): string {
  if (couldBeWord.test(text) || words.has(text.toLowerCase())) {
    // The first segment behind a host is an application, and "kbit/s" is no path.
    const path = text.length > 2 ? '(?<![/:]|://[^/\\s]*)/' : '(?<![/:])/[^/\\s]+/';
    // "Stream NAME is busy" is how servers speak of it.
    const value = text.length > 2 ? '|[=?&]|\\b(?:stream|key|name) ' : '';
    return [
      `^${escaped}$`,
      `(?<=["'“‘「])${escaped}(?=["'”’」])`,
      `(?<=${path}${value})${escaped}(?=$|[\\s"'”’」/?&#,;.!)])`,
    ].join('|');
  }
  return couldBePartOfWord.test(text) ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}

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
