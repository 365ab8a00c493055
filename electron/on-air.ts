import type { BroadcastSnapshot } from '@tallylight/contract';
import { powerSaveBlocker } from 'electron';

/** Knows whether we broadcast, and keeps the machine awake meanwhile. */
export class OnAir {
  #active = false;
  #blocker: number | undefined;

  get active(): boolean {
    return this.#active;
  }

  follow(state: BroadcastSnapshot['state']): void {
    this.#active = state === 'connecting' || state === 'live' || state === 'stopping';
    if (this.#active) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else this.#release();
  }

  #release(): void {
    if (this.#blocker === undefined) return;
    powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
