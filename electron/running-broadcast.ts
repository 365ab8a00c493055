import type { BroadcastSnapshot } from '@tallylight/contract';
import { powerSaveBlocker } from 'electron';

/** Knows whether a broadcast runs, be it on air or only recorded, and keeps the machine awake meanwhile. */
export class RunningBroadcast {
  #isRunning = false;
  #isOnlyRecorded = false;
  #blocker: number | undefined;

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether nobody but this computer has it. */
  get isOnlyRecorded(): boolean {
    return this.#isOnlyRecorded;
  }

  follow(state: BroadcastSnapshot['state']): void {
    this.#isRunning = state !== 'idle' && state !== 'ended';
    this.#isOnlyRecorded = state === 'recording';
    if (this.#isRunning) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else this.#release();
  }

  #release(): void {
    if (this.#blocker === undefined) return;
    powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
