import type { Socket } from 'node:net';

export interface LaneConditions {
  /** Bytes per second; Infinity where there is no limit. */
  readonly rate: number;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Nothing passes. */
  readonly isShut: boolean;
}

export interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly conditions: () => LaneConditions;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  /** When so much is held, it stops reading. */
  readonly bufferBytes: number;
  /** May put other bytes in the place of those that pass. @param offset bytes that passed before them. */
  readonly onPass: (bytes: Buffer, offset: number) => Buffer;
}

/** How a side ended its sending. */
export type LaneEnd = 'end' | 'reset';

type Item = Buffer | LaneEnd;

/** Milliseconds of the rate that leave at once: timers are no finer, and each write costs. */
const sliceMs = 20;
/** A timer that comes late is made up for, up to this much. Milliseconds. */
const catchUpMs = 100;

/**
 * One direction of one connection: a line with a rate, then a way that takes time. Its end and a reset take the same way
 * as the bytes, so that a line that is cut tells neither side of the other's end.
 */
export class Lane {
  readonly #o: LaneOptions;
  #waiting: Item[] = [];
  /** Each arrives behind those before it, whatever chance says. */
  #underWay: { readonly item: Item; readonly arrivesAt: number }[] = [];
  #heldBytes = 0;
  #passed = 0;
  #busyUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: LaneOptions) {
    this.#o = options;
    const { from, to } = options;
    from.on('data', (bytes: Buffer) => {
      this.#heldBytes += bytes.length;
      this.#push(bytes);
    });
    from.on('end', () => this.#push('end'));
    from.on('error', () => this.#push('reset'));
    to.on('drain', () => this.pump());
    to.on('close', () => this.stop());
  }

  /** Bytes that have passed. */
  get passed(): number {
    return this.#passed;
  }

  /** Bytes that have been read and have not passed. */
  get held(): number {
    return this.#heldBytes;
  }

  /** Lets pass what may; to be called when the conditions change. */
  pump(): void {
    clearTimeout(this.#timer);
    const conditions = this.#o.conditions();
    if (this.#isOver || conditions.isShut) return;
    const now = performance.now();
    this.#depart(now, conditions);
    this.#arrive(now);
    const { from, bufferBytes } = this.#o;
    if (this.#heldBytes < bufferBytes) from.resume();
    this.#schedule(now);
  }

  /** Nothing passes any more, and nothing is read. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#o.from.pause();
    this.#waiting = [];
    this.#underWay = [];
    this.#heldBytes = 0;
  }

  #push(item: Item): void {
    if (this.#isOver) return;
    this.#waiting.push(item);
    if (this.#heldBytes >= this.#o.bufferBytes) this.#o.from.pause();
    this.pump();
  }

  #depart(now: number, { rate, latencyMs, jitterMs }: LaneConditions): void {
    while (this.#busyUntil <= now) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      const slice = typeof item === 'string' ? item : item.subarray(0, sliceBytes(rate));
      if (typeof item !== 'string' && slice.length < item.length) {
        this.#waiting.unshift(item.subarray(slice.length));
      }
      const bytes = typeof slice === 'string' ? 0 : slice.length;
      this.#busyUntil = Math.max(this.#busyUntil, now - catchUpMs) + (1000 * bytes) / rate;
      const arrivesAt = now + latencyMs + jitterMs * this.#o.random();
      this.#underWay.push({ item: slice, arrivesAt });
    }
  }

  #arrive(now: number): void {
    const { to, onPass } = this.#o;
    for (;;) {
      const [next] = this.#underWay;
      if (next === undefined || next.arrivesAt > now || to.writableNeedDrain) return;
      this.#underWay.shift();
      const { item } = next;
      if (item === 'end') to.end();
      else if (item === 'reset') to.resetAndDestroy();
      else {
        this.#heldBytes -= item.length;
        const bytes = onPass(item, this.#passed);
        this.#passed += bytes.length;
        to.write(bytes);
      }
    }
  }

  #schedule(now: number): void {
    const departure = this.#waiting.length > 0 ? this.#busyUntil : Infinity;
    const [first] = this.#underWay;
    const arrival = first && !this.#o.to.writableNeedDrain ? first.arrivesAt : Infinity;
    const next = Math.min(departure, arrival);
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.pump(), Math.max(0, Math.ceil(next - now)));
  }
}

const sliceBytes = (rate: number): number =>
  rate === Infinity ? Infinity : Math.max(1, Math.floor((rate * sliceMs) / 1000));
