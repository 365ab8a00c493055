const maxLines = 200;
const maxLineLength = 500;

/** Splits text that arrives in pieces into lines, and keeps the last ones. Bounded, whatever comes. */
export class LineLog {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #rest = '';

  constructor(onLine: (line: string) => void = () => undefined) {
    this.#onLine = onLine;
  }

  get lines(): readonly string[] {
    return this.#rest === '' ? this.#lines : [...this.#lines, this.#rest];
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '').slice(0, maxLineLength);
    for (const line of lines.map((each) => each.slice(0, maxLineLength).trim())) {
      if (line === '') continue;
      this.#lines.push(line);
      this.#onLine(line);
    }
    if (this.#lines.length > maxLines) this.#lines = this.#lines.slice(-maxLines);
  }
}

/** "[libx264 @ 0x55…] text" without its bracket, whose number means nothing to anybody. */
export const withoutPrefix = (line: string): string => line.replace(/^(?:\[[^\]]*\] *)+/, '');
