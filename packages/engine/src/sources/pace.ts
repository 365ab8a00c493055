import { wait } from 'node-rtmp-client/async';

/** Packets may go this much before their time, in milliseconds: a timer for each would cost more than it gives. */
const aheadMs = 5;

/** Lets frames go as time goes by: the first at once, each other by how much later it is. */
export class Pace {
  #start: { readonly at: number; readonly dts: number } | undefined;

  /** Waits until a frame of this decode time, in microseconds, may go, or `signal` is aborted. */
  async wait(dts: number, signal: AbortSignal): Promise<void> {
    this.#start ??= { at: performance.now(), dts };
    const dueMs = this.#start.at + (dts - this.#start.dts) / 1000 - performance.now();
    if (dueMs > aheadMs) await wait(dueMs, signal);
  }
}
