import type { StreamInput } from '@tallylight/contract';

/** What others publish to the fake engine, as a test has it done. */
export class FakeStreamInput {
  readonly address = {
    ...{ url: 'rtmp://127.0.0.1:1936/live/input', serverUrl: 'rtmp://127.0.0.1:1936/live' },
    streamKey: 'input',
  };
  isPublished = false;
  #wake = (): void => undefined;

  /** As a program that publishes would, or stop it. */
  publish(isPublished: boolean): void {
    this.isPublished = isPublished;
    this.#wake();
  }

  async *watch(): AsyncGenerator<StreamInput> {
    for (;;) {
      yield { address: this.address, isPublished: this.isPublished };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
