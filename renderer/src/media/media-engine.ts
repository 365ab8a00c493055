import type { AppErrorInfo, EngineKind, MediaLaneWriter } from '@tallylight/contract';
import type { Capture } from './capture.js';
import { startMediaRecorderEngine } from './media-recorder-engine.js';
import { startWebCodecsEngine } from './webcodecs-engine.js';

export { CaptureError } from './capture-error.js';
export { openCapture, type Capture } from './capture.js';
export type { Level } from './level/level.js';
export { listMediaDevices, onDeviceChange, type MediaDeviceList } from './media-devices.js';

export interface CaptureOptions {
  /** A device id, or `testPictureId`. */
  readonly cameraId: string;
  /** A device id, `testBeepId` or `noMicrophoneId`. */
  readonly microphoneId: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly fps: number;
  /** Bits per second. */
  readonly videoBitrate: number;
  readonly audioBitrate: number;
  /** Seconds. */
  readonly keyframeInterval: number;
}

/** An engine that sends a capture's media down the lane. */
export interface RunningEngine {
  /** Flushes the encoders, sends what is left and ends the lane's stream. Resolves also after a failure. */
  stop(): Promise<void>;
  /** Called once, when capture or encoder fail; the engine has stopped then. */
  onFailed(listener: (error: AppErrorInfo) => void): void;
}

export type RendererEngineKind = Exclude<EngineKind, 'ffmpeg'>;

/**
 * Starts to encode `capture` and to send it. The capture stays open when the engine stops.
 *
 * @throws CaptureError with `ENCODER_FAILED` when there is no encoder that works.
 */
export async function startEngine(
  kind: RendererEngineKind,
  capture: Capture,
  options: CaptureOptions,
  lane: MediaLaneWriter,
): Promise<RunningEngine> {
  switch (kind) {
    case 'webcodecs':
      return startWebCodecsEngine(capture, options, lane);
    case 'mediarecorder':
      return startMediaRecorderEngine(capture, options, lane);
  }
}
