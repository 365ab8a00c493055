/** Has a stream decoded for its picture while somebody watches it: nobody else sees that picture. */
export class InputPreview<Stream> {
  readonly #run: (stream: Stream, signal: AbortSignal) => Promise<void>;
  /** What is watched, the newest last. */
  readonly #watched: { readonly stream: Stream; readonly key: string }[] = [];
  #shown: { readonly key: string; readonly over: AbortController } | undefined;

  /** @param run makes pictures of a stream until `signal` is aborted. */
  constructor(run: (stream: Stream, signal: AbortSignal) => Promise<void>) {
    this.#run = run;
  }

  /** What a watcher is told; there are pictures until it has gone. Of two streams, the newer watcher's is shown. */
  async *during<T>(stream: Stream, told: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const watcher = { stream, key: JSON.stringify(stream) };
    this.#watched.push(watcher);
    this.#look();
    try {
      yield* told;
    } finally {
      this.#watched.splice(this.#watched.indexOf(watcher), 1);
      this.#look();
    }
  }

  #look(): void {
    const newest = this.#watched.at(-1);
    if (newest?.key === this.#shown?.key) return;
    this.#shown?.over.abort();
    this.#shown = newest && { key: newest.key, over: new AbortController() };
    if (newest && this.#shown) void this.#run(newest.stream, this.#shown.over.signal);
  }
}
