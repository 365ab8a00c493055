import { noMicrophoneId, testBeepId } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CaptureController } from './capture-controller.js';

export interface SilenceState {
  /** True when a real microphone has given nothing for {@link silenceSeconds}. */
  readonly silent: boolean;
  /** The user knows. */
  readonly dismissed: boolean;
}

export const silenceSeconds = 5;

const thresholdDb = -50;
/** Shorter than the span of one reading of the level, so that no sound falls between two polls. */
const pollMs = 40;

/** Watches the open microphone, since a muted one is what ruins most broadcasts. */
export class SilenceWatch {
  readonly store: StoreApi<SilenceState> = createStore<SilenceState>()(() => ({
    silent: false,
    dismissed: false,
  }));
  readonly #capture: CaptureController;
  #timer: ReturnType<typeof setInterval> | undefined;
  #quietSince: number | undefined;

  constructor(capture: CaptureController) {
    this.#capture = capture;
    capture.store.subscribe(() => this.#follow());
    this.#follow();
  }

  dismiss(): void {
    this.store.setState({ dismissed: true });
  }

  #follow(): void {
    clearInterval(this.#timer);
    this.#quietSince = undefined;
    this.store.setState({ silent: false, dismissed: false });
    const state = this.#capture.store.getState();
    if (state.type !== 'open') return;
    const { microphoneId } = state.options;
    if (microphoneId === testBeepId || microphoneId === noMicrophoneId) return;
    this.#timer = setInterval(() => this.#listen(state.capture.peakDb()), pollMs);
  }

  #listen(peakDb: number): void {
    const now = performance.now();
    if (peakDb >= thresholdDb) {
      this.#quietSince = undefined;
      // Sound again: the next silence is news.
      this.store.setState({ silent: false, dismissed: false });
      return;
    }
    this.#quietSince ??= now;
    if (now - this.#quietSince >= silenceSeconds * 1000) this.store.setState({ silent: true });
  }
}
