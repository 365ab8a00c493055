import type { BroadcastEvent, BroadcastSnapshot } from '@tallylight/contract';
import { BroadcastLog } from '../../packages/engine/src/broadcast/broadcast-log.js';

/** The engine's own log, of what the fake engine tells. */
export class FakeLog {
  readonly #log = new BroadcastLog();
  readonly #watchers = new Set<() => void>();

  receive(snapshot: BroadcastSnapshot): void {
    if (this.#log.receive(snapshot).length === 0) return;
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }

  async *watch(): AsyncGenerator<BroadcastEvent[]> {
    for (;;) {
      yield [...this.#log.entries];
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }
}
