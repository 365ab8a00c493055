import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How closely it is watched, in milliseconds: a timer that comes later than this is late. */
const resolutionMs = 20;
/** So many looks, of the last one and a half seconds at four a second, count. */
const looks = 6;

/**
 * How late this process is with what it has to do: others have the computer, or one task took long. What is measured
 * meanwhile with clocks, such as when an answer was heard, is wrong by up to this much.
 */
export class LoopLateness {
  readonly #delays = monitorEventLoopDelay({ resolution: resolutionMs });
  #worst: number[] = [];

  start(): void {
    this.#delays.enable();
  }

  stop(): void {
    this.#delays.disable();
  }

  /** Milliseconds, at worst within the last looks. To be called a few times a second. */
  look(): number {
    const worst = Math.max(0, this.#delays.max / 1e6 - resolutionMs);
    this.#delays.reset();
    this.#worst = [...this.#worst, worst].slice(-looks);
    return Math.max(...this.#worst);
  }
}
