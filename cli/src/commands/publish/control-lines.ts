import type { CliDependencies } from '../../cli-dependencies.js';

export interface ControlLinesOptions {
  readonly stdin: CliDependencies['stdin'];
  /** Characters; of a line that is longer, the rest is passed over. */
  readonly longest: number;
  readonly onLine: (line: string) => void;
  readonly onTooLong: () => void;
}

/** Lines of stdin as they come, without what is empty. */
export class ControlLines {
  readonly #o: ControlLinesOptions;
  #text = '';
  #skips = false;

  /** From here on stdin is read. */
  constructor(options: ControlLinesOptions) {
    this.#o = options;
    const { stdin } = options;
    stdin.setEncoding('utf8');
    stdin.on('data', this.#onData);
    // A terminal that is gone is the end of it.
    stdin.on('error', this.#onError);
  }

  close(): void {
    const { stdin } = this.#o;
    stdin.off('data', this.#onData);
    stdin.destroy();
  }

  readonly #onError = (): void => undefined;

  readonly #onData = (data: string | Buffer): void => {
    const [first = '', ...lines] = String(data).split('\n');
    this.#take(first);
    for (const line of lines) {
      this.#end();
      this.#take(line);
    }
  };

  #take(text: string): void {
    if (this.#skips) return;
    this.#text += text;
    if (this.#text.length <= this.#o.longest) return;
    this.#skips = true;
    this.#text = '';
    this.#o.onTooLong();
  }

  #end(): void {
    const line = this.#text.trim();
    this.#text = '';
    const isWhole = !this.#skips && line !== '';
    this.#skips = false;
    if (isWhole) this.#o.onLine(line);
  }
}
