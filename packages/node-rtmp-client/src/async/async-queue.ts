import { Notifier } from './notifier.js';

/**
 * Values, none of them undefined, on their way from one who pushes to one who waits for them, in order. Bounded. Of
 * several readers one gets each value.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #maxItems: number;
  readonly #changed = new Notifier();
  #values: T[] = [];
  /** Index of the first value that waits, so that removing one does not move the others. */
  #first = 0;
  #isEnded = false;

  /** @param options `maxItems`: values that may wait. */
  constructor(options: { readonly maxItems: number }) {
    this.#maxItems = options.maxItems;
  }

  /** Values that wait. */
  get length(): number {
    return this.#values.length - this.#first;
  }

  /** Whether `end` was called; values may still wait. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** @returns whether the value was accepted: false when the queue is full or was ended. */
  push(value: T): boolean {
    if (this.#isEnded || this.length >= this.#maxItems) return false;
    this.#values.push(value);
    this.#changed.notify();
    return true;
  }

  /** Nothing more is accepted. Readers get what waits, then come to their end. */
  end(): void {
    this.#isEnded = true;
    this.#changed.notify();
  }

  /** Removes all that waits. */
  clear(): void {
    this.#values = [];
    this.#first = 0;
  }

  /**
   * The next value, waited for if need be.
   *
   * @returns undefined when the queue has ended and is empty, or once `signal` is aborted.
   */
  async next(signal?: AbortSignal): Promise<T | undefined> {
    while (signal?.aborted !== true) {
      const value = this.#shift();
      if (value !== undefined || this.#isEnded) return value;
      await this.#changed.wait(signal);
    }
    return undefined;
  }

  /** Comes to its end when the queue does. Leaving the loop early leaves the queue as it is. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const value = await this.next();
      if (value === undefined) return;
      yield value;
    }
  }

  #shift(): T | undefined {
    const value = this.#values[this.#first];
    if (value === undefined) return undefined;
    this.#first += 1;
    if (this.#first === this.#values.length) {
      this.clear();
    } else if (this.#first > 64 && this.#first * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }
}
