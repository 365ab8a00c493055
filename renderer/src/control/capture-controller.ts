import { AppError, reason, type AppErrorInfo } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { withDeadline } from 'node-rtmp-client/async';
import { captureError } from '../media/capture-error.js';
import type { Capture } from '../media/devices/capture.js';
import type { CaptureOptions } from '../media/media-engine.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { MediaPort } from './media-port.js';

export type CaptureState =
  | { readonly type: 'closed' }
  | { readonly type: 'opening' }
  | { readonly type: 'open'; readonly capture: Capture; readonly options: CaptureOptions }
  | { readonly type: 'failed'; readonly error: AppErrorInfo }
  /** ffmpeg has the devices. */
  | { readonly type: 'lent'; readonly options: CaptureOptions | undefined };

/** Long enough for a person to answer the browser's question for permission. */
const openDeadlineMs = 60_000;

/**
 * Owns the one open camera and microphone. Opening and closing never overlap: most cameras open only once, so the old
 * capture is closed before the new one opens.
 */
export class CaptureController {
  readonly store: StoreApi<CaptureState> = createStore<CaptureState>()(() => ({ type: 'closed' }));
  readonly #media: MediaPort;
  #wanted: CaptureOptions | undefined;
  #lent = false;
  #round = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(media: MediaPort) {
    this.#media = media;
  }

  /** Opens this, in place of what was open; `undefined` closes. */
  want(options: CaptureOptions | undefined): void {
    if (sameDevices(this.#wanted, options)) return;
    this.#wanted = options;
    void this.#reopen();
  }

  /** Tries again after a failure. */
  retry(): void {
    if (this.store.getState().type === 'failed') void this.#reopen();
  }

  /** Closes the devices so that ffmpeg can open them; resolves when they are free. Without effect while they are lent. */
  async lend(): Promise<void> {
    if (this.#lent) return this.#queue;
    this.#lent = true;
    await this.#reopen();
  }

  /** Takes the devices back. */
  reclaim(): void {
    if (!this.#lent) return;
    this.#lent = false;
    void this.#reopen();
  }

  /** The open capture, once what is wanted is open. @throws AppError when it cannot be opened. */
  async opened(): Promise<Capture> {
    for (let waitedFor; waitedFor !== this.#queue;) {
      waitedFor = this.#queue;
      await waitedFor;
    }
    const state = this.store.getState();
    switch (state.type) {
      case 'open':
        return state.capture;
      case 'failed':
        throw new AppError(state.error);
      case 'closed':
      case 'opening':
      case 'lent':
        throw captureError('CAPTURE_FAILED', { reason: reason('no-camera-open') });
    }
  }

  close(): Promise<void> {
    this.#wanted = undefined;
    return this.#reopen();
  }

  #reopen(): Promise<void> {
    const round = ++this.#round;
    this.#queue = this.#queue.then(() => this.#apply(round));
    return this.#queue;
  }

  async #apply(round: number): Promise<void> {
    if (round !== this.#round) return;
    const before = this.store.getState();
    if (before.type === 'open') before.capture.close();
    const options = this.#wanted;
    if (this.#lent || !options) {
      this.#set(this.#lent ? { type: 'lent', options } : { type: 'closed' });
      return;
    }
    this.#set({ type: 'opening' });
    try {
      const capture = await withDeadline(
        this.#media.openCapture(options),
        openDeadlineMs,
        () => captureError('CAPTURE_FAILED', { reason: reason('camera-late') }),
        (late) => late.close(),
      );
      if (round !== this.#round) {
        capture.close();
        return;
      }
      capture.onEnded((error) => this.#ended(capture, error));
      this.#set({ type: 'open', capture, options });
    } catch (error) {
      this.#set({ type: 'failed', error: toAppErrorInfo(error) });
    }
  }

  #ended(capture: Capture, error: AppErrorInfo): void {
    const state = this.store.getState();
    if (state.type !== 'open' || state.capture !== capture) return;
    capture.close();
    this.#set({ type: 'failed', error });
  }

  #set(state: CaptureState): void {
    this.store.setState(state, true);
  }
}

/** Bitrates do not matter to the devices, so a change of them must not make the picture blink. */
function sameDevices(a: CaptureOptions | undefined, b: CaptureOptions | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.cameraId === b.cameraId &&
    a.microphoneId === b.microphoneId &&
    a.width === b.width &&
    a.height === b.height &&
    a.fps === b.fps
  );
}
