const replacement = '***';

/** A key of up to this many characters is looked for as a word of its own, or "sh" would be taken out of "Publishing". */
const shortKeyLength = 4;

function placesOf(secret: string): string | RegExp {
  if (secret.length > shortKeyLength) return secret;
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, 'g');
}

/** Replaces known secrets in text by `***`, also where they were percent-encoded. */
export class SecretScrubber {
  /** Longest first, so that a key which contains another is replaced whole. */
  #forms: string[] = [];

  /** Forgets nothing: a key that was used once may still be in a line that is written later. */
  add(secret: string): void {
    if (secret === '') return;
    const forms = new Set([...this.#forms, secret, encodeURI(secret), encodeURIComponent(secret)]);
    // A key may carry a query ("key?bandwidthtest=true"): its name alone is as secret.
    const name = secret.split('?', 1)[0];
    if (name) forms.add(name);
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  scrub(text: string): string {
    return this.#forms.reduce(
      (clean, secret) => clean.replaceAll(placesOf(secret), replacement),
      text,
    );
  }

  /**
   * Scrubs the values of a line of JSON. Field names and numbers stay, so that even a key such as "1" or "time" leaves
   * the line readable by programs.
   */
  scrubLine(line: string): string {
    if (this.#forms.length === 0) return line;
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      return this.scrub(line);
    }
    return `${JSON.stringify(this.#scrubValue(entry))}\n`;
  }

  #scrubValue(value: unknown): unknown {
    if (typeof value === 'string') return this.scrub(value);
    if (Array.isArray(value)) return value.map((item) => this.#scrubValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, this.#scrubValue(field)]),
    );
  }
}
