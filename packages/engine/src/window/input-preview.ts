/** Has the stream input decoded for its picture while somebody watches it: nobody else sees that picture. */
export class InputPreview {
  readonly #run: (signal: AbortSignal) => Promise<void>;
  #watchers = 0;
  #over: AbortController | undefined;

  /** @param run makes pictures until `signal` is aborted. */
  constructor(run: (signal: AbortSignal) => Promise<void>) {
    this.#run = run;
  }

  /** What a watcher is told; there are pictures until it has gone. */
  async *during<T>(told: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    this.#watchers += 1;
    if (!this.#over) {
      this.#over = new AbortController();
      void this.#run(this.#over.signal);
    }
    try {
      yield* told;
    } finally {
      this.#watchers -= 1;
      if (this.#watchers === 0) {
        this.#over.abort();
        this.#over = undefined;
      }
    }
  }
}
