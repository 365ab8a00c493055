import type { MonitorSnapshot } from '@tallylight/contract';
import { aborted } from 'node-rtmp-client/async';
import type { PreviewSink } from '../../src/sources/ffmpeg/ffmpeg-source.js';

/** A monitor without a network: it gets what the test gives it. */
export class FakeMonitor {
  snapshot: MonitorSnapshot = { state: 'connecting', way: 'rtmp' };
  isRunning = false;
  readonly show: PreviewSink;
  readonly #listeners = new Set<() => void>();

  constructor(onPicture: PreviewSink) {
    this.show = onPicture;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.isRunning = true;
    await aborted(signal);
    this.isRunning = false;
  }

  change(change: Partial<MonitorSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
