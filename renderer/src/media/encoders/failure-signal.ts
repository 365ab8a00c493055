import type { AppErrorInfo } from '@tallylight/contract';

/** The one failure of an engine: told once, also to a listener that comes after it. */
export class FailureSignal {
  #error: AppErrorInfo | undefined;
  #listeners: ((error: AppErrorInfo) => void)[] = [];

  get failed(): boolean {
    return this.#error !== undefined;
  }

  fail(error: AppErrorInfo): void {
    if (this.#error) return;
    this.#error = error;
    for (const listener of this.#listeners.splice(0)) listener(error);
  }

  onFailed(listener: (error: AppErrorInfo) => void): void {
    if (this.#error) listener(this.#error);
    else this.#listeners.push(listener);
  }
}
