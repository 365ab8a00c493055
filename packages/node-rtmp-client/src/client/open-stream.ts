import { unlessAborted } from '../async/abort.js';
import { withResolvers } from '../async/with-resolvers.js';
import type { FlvItem } from '../flv/flv-item.js';
import { ItemQueue } from '../net/item-queue.js';
import type { ReadGate } from '../net/read-gate.js';
import type { ClientSessionEvent } from '../session/client-event.js';
import type { ClientStream } from '../session/client-stream.js';
import { abortedByCaller, type RtmpError } from '../session/rtmp-error.js';

type Change = Extract<ClientSessionEvent, { type: 'stream-changed' }>['change'];

interface ChangeWaiter {
  readonly wanted: Change;
  readonly resolve: () => void;
  readonly reject: (error: RtmpError) => void;
}

/** A server that says no after it has said yes does it within this time. Milliseconds. */
const refusalMs = 5_000;

/** A stream of a connection, as its owner waits for it. */
export class OpenStream {
  readonly stream: ClientStream;
  /** What arrives while playing. */
  readonly items: ItemQueue;
  /** Resolves when the server has agreed; rejects with an RtmpError when it has not. */
  readonly started: Promise<void>;
  /** Settles when the stream is over: with undefined when it ended in order, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #started = withResolvers();
  readonly #closed = withResolvers<RtmpError | undefined>();
  /** Is told what arrives, as soon as it is there for a reader. */
  onItem: ((item: FlvItem) => void) | undefined;
  readonly #changes = new Set<ChangeWaiter>();
  /** When the server agreed, in milliseconds; undefined before, and once something has come. */
  #agreed: number | undefined;
  #over = false;
  #error: RtmpError | undefined;

  constructor(stream: ClientStream, gate: ReadGate) {
    this.stream = stream;
    this.items = new ItemQueue(gate);
    this.started = this.#started.promise;
    // Who opened it may have given up waiting; then there is nobody to tell.
    this.started.catch(() => undefined);
    this.closed = this.#closed.promise;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Why it is over; undefined while it is not, or when it ended in order. */
  get error(): RtmpError | undefined {
    return this.#error;
  }

  /** Whether the server has agreed just now, and nothing has come. */
  get isUnplayed(): boolean {
    return this.#agreed !== undefined && performance.now() - this.#agreed < refusalMs;
  }

  push(item: FlvItem): void {
    this.#agreed = undefined;
    this.items.push(item);
    this.onItem?.(item);
  }

  start(): void {
    this.#agreed = performance.now();
    this.#started.resolve();
  }

  /** Resolves when the server says so. @throws RtmpError when it says no, 'aborted', or the stream's end. */
  async changed(wanted: Exclude<Change, RtmpError>, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = withResolvers();
    const waiter: ChangeWaiter = { wanted, resolve, reject };
    this.#changes.add(waiter);
    try {
      await unlessAborted(promise, signal, () => abortedByCaller('streaming'));
    } finally {
      this.#changes.delete(waiter);
    }
  }

  change(change: Change): void {
    const error = typeof change === 'string' ? undefined : change;
    // An error does not say what it is about; there is rarely more than one thing that was asked for.
    for (const waiter of [...this.#changes]) {
      if (error === undefined && waiter.wanted !== change) continue;
      this.#changes.delete(waiter);
      if (error === undefined) waiter.resolve();
      else waiter.reject(error);
    }
  }

  /** @param closed what is wrong with going on from here; it is the reason where there is no other. */
  end(error: RtmpError | undefined, closed: RtmpError): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.items.end();
    this.#started.reject(error ?? closed);
    for (const waiter of this.#changes) waiter.reject(error ?? closed);
    this.#changes.clear();
    this.#closed.resolve(error);
  }
}
