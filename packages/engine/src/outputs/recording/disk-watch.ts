import type { DiskState } from './recording-writer.js';

/** Milliseconds. What is wrong is to be said within a second. */
const lookEveryMs = 500;

/** The present rate is that of the last so many looks: ten seconds. */
const ratedLooks = 20;

/** Below this a recording is ended in order, as long as its end still fits. Bytes. */
const floorBytes = 50 * 1024 * 1024;
/** Of a disk that is small itself. */
const floorShare = 0.05;
/** What this many looks would see written stays free, however small the disk: else it fills up between two of them. */
const looksLeft = 3;

export interface DiskWatchOptions {
  readonly look: () => Promise<DiskState | undefined>;
  /** Bytes that are written so far. */
  readonly written: () => number;
  /** Told once. */
  readonly onTrouble: (trouble: 'removed' | 'nearly-full') => void;
}

/** Looks after the disk under a recording, from {@link start} to {@link stop}. */
export class DiskWatch {
  readonly #o: DiskWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  readonly #written: { readonly at: number; readonly bytes: number }[] = [];
  #freeBytes: number | undefined;
  /** Bytes a millisecond; of a pause it is that of before. */
  #rate = 0;

  constructor(options: DiskWatchOptions) {
    this.#o = options;
  }

  /** What is free, and for how many milliseconds that lasts at the present rate; `undefined` where nobody knows. */
  get space(): { readonly freeBytes: number; readonly leftMs?: number } | undefined {
    if (this.#freeBytes === undefined) return undefined;
    const left = Math.round(this.#freeBytes / this.#rate);
    return { freeBytes: this.#freeBytes, ...(Number.isFinite(left) && { leftMs: left }) };
  }

  start(): void {
    void this.#look();
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    // A disk that does not answer is asked once.
    if (this.#isLooking) return;
    this.#isLooking = true;
    const state = await this.#o.look();
    this.#isLooking = false;
    if (!state || !this.#timer) return;
    this.#measure();
    const { freeBytes, totalBytes, isRemoved } = state;
    if (!isRemoved) this.#freeBytes = freeBytes;
    const floor = Math.min(floorBytes, totalBytes * floorShare);
    const isNearlyFull = freeBytes < Math.max(floor, this.#rate * looksLeft * lookEveryMs);
    if (!isRemoved && !isNearlyFull) return;
    this.stop();
    this.#o.onTrouble(isRemoved ? 'removed' : 'nearly-full');
  }

  #measure(): void {
    this.#written.push({ at: performance.now(), bytes: this.#o.written() });
    if (this.#written.length > ratedLooks) this.#written.shift();
    const [first, last] = [this.#written[0], this.#written.at(-1)];
    if (!first || !last || last.bytes === first.bytes) return;
    this.#rate = (last.bytes - first.bytes) / (last.at - first.at);
  }
}
