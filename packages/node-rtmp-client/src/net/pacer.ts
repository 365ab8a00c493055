/** Milliseconds between two portions. */
const tickMs = 10;
/** What may go at once after a rest: two ticks' worth, and a packet of the network at least. */
const burstTicks = 2;
const minBurstBytes = 1_500;

/**
 * Lets bytes out at a rate instead of a whole keyframe at once, which shallow buffers on the way would drop. Pieces are
 * cut, not copied.
 */
export class Pacer {
  readonly #bytesPerMs: number;
  readonly #burst: number;
  readonly #send: (pieces: readonly Uint8Array[]) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #credit: number;
  #refilled = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param send is given what may go now. */
  constructor(bitsPerSecond: number, send: (pieces: readonly Uint8Array[]) => void) {
    this.#bytesPerMs = bitsPerSecond / 8_000;
    this.#burst = Math.max(minBurstBytes, this.#bytesPerMs * tickMs * burstTicks);
    this.#credit = this.#burst;
    this.#send = send;
  }

  /** Bytes that wait for their turn. */
  get bytesWaiting(): number {
    return this.#bytes;
  }

  push(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#waiting.push(piece);
      this.#bytes += piece.length;
    }
    if (this.#timer === undefined) this.#release();
  }

  /** Sends all that waits, at once; to be called when the stream is over. */
  flush(): void {
    this.stop();
    const rest = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (rest.length > 0) this.#send(rest);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #release(): void {
    this.#timer = undefined;
    const now = performance.now();
    this.#credit = Math.min(this.#burst, this.#credit + (now - this.#refilled) * this.#bytesPerMs);
    this.#refilled = now;
    const portion: Uint8Array[] = [];
    let used = 0;
    for (const piece of this.#waiting) {
      const room = Math.floor(this.#credit);
      if (room === 0) break;
      portion.push(piece.length <= room ? piece : piece.subarray(0, room));
      this.#credit -= Math.min(piece.length, room);
      if (piece.length > room) {
        this.#waiting[used] = piece.subarray(room);
        this.#bytes -= room;
        break;
      }
      this.#bytes -= piece.length;
      used++;
    }
    this.#waiting.splice(0, used);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#release(), tickMs);
    if (portion.length > 0) this.#send(portion);
  }
}
