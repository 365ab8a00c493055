import type { AppErrorInfo } from '@tallylight/contract';
import type { CaptureOptions } from './media-engine.js';

/** How loud it is now, in dBFS; `-Infinity` for silence and where there is no sound. */
export interface Level {
  readonly peakDb: number;
  readonly rmsDb: number;
}

/** An open camera and microphone. */
export interface Capture {
  /** For a muted `<video>` as preview. */
  readonly stream: MediaStream;
  readonly hasAudio: boolean;
  readonly cameraLabel: string;
  /** Empty without a microphone. */
  readonly microphoneLabel: string;
  level(): Level;
  /** Called once, when a device is gone or gives nothing any more; not after {@link Capture.close}. */
  onEnded(listener: (error: AppErrorInfo) => void): void;
  close(): void;
}

/**
 * Opens camera and microphone.
 *
 * @throws CaptureError with one of the capture codes.
 */
export async function openCapture(options: CaptureOptions): Promise<Capture> {
  throw new Error(`not written yet: ${options.cameraId}`);
}
