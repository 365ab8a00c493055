import { vi } from 'vitest';

/** Everything that is due in promises has happened: they have their turn before the event loop has its next. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes as fast as everything that is to happen in it can be computed. */
export class SimulatedTime {
  static begin(): SimulatedTime {
    vi.useFakeTimers({
      now: 1_800_000_000_000,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    return new SimulatedTime();
  }

  private constructor() {
    // There is one at a time.
  }

  /** Milliseconds since it began. */
  get now(): number {
    return performance.now();
  }

  /** Timers that have been set and have not gone off. */
  get timers(): number {
    return vi.getTimerCount();
  }

  async pass(ms: number): Promise<void> {
    await this.passUntil(() => false, ms);
  }

  /** @returns whether it is so, after at most `limitMs`. */
  async passUntil(isSo: () => boolean, limitMs: number): Promise<boolean> {
    const until = performance.now() + limitMs;
    // Something is always next, if it is only the end of this.
    const limit = setTimeout(() => undefined, limitMs);
    await settle();
    while (performance.now() < until && !isSo()) {
      vi.advanceTimersToNextTimer();
      await settle();
    }
    clearTimeout(limit);
    return isSo();
  }

  end(): void {
    vi.clearAllTimers();
    vi.useRealTimers();
  }
}
