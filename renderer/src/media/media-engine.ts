import type { EngineKind, MediaChannelWriter } from '@tallylight/contract';
import type { CaptureOptions } from './devices/capture-options.js';
import type { Capture } from './devices/capture.js';
import { startMediaRecorderEngine } from './encoders/media-recorder/media-recorder-engine.js';
import type { RunningEngine } from './encoders/running-engine.js';
import {
  discardEncoderWorker,
  prepareEncoderWorker,
} from './encoders/webcodecs/encoder-workers.js';
import { startWebCodecsEngine } from './encoders/webcodecs/webcodecs-engine.js';

export type { CaptureOptions } from './devices/capture-options.js';
export { openCapture, type Capture, type PictureSize } from './devices/capture.js';
export type { RunningEngine } from './encoders/running-engine.js';
export { createPictureSampler, pictureClock } from './monitor/picture-sampler.js';
export { watchCaptured } from './monitor/watch-captured.js';
export { onPermissionChange } from './devices/permission-changes.js';
export { listMediaDevices, onDeviceChange, type MediaDeviceList } from './devices/media-devices.js';

export type RendererEngineKind = Exclude<EngineKind, 'ffmpeg'>;

/** What is going to be encoded soon. */
export interface ExpectedEngine {
  readonly kind: RendererEngineKind;
  readonly capture: Capture;
  readonly options: CaptureOptions;
}

/** Gets an engine ready, in place of the one before, so that it starts soon; `undefined` gives that up. */
export function prepareEngine(expected: ExpectedEngine | undefined): void {
  // MediaRecorder has nothing to be loaded.
  if (expected?.kind === 'webcodecs') prepareEncoderWorker(expected.capture, expected.options);
  else discardEncoderWorker();
}

/**
 * Starts to encode `capture` and to send it, behind a `begin` of number `captureId`. The capture stays open when the engine
 * stops.
 *
 * @throws AppError with `ENCODER_FAILED` when there is no encoder that works.
 */
export async function startEngine(
  kind: RendererEngineKind,
  capture: Capture,
  options: CaptureOptions,
  channel: MediaChannelWriter,
  captureId: number,
): Promise<RunningEngine> {
  await channel.write({ type: 'begin', captureId });
  switch (kind) {
    case 'webcodecs':
      return startWebCodecsEngine(capture, options, channel);
    case 'mediarecorder':
      return startMediaRecorderEngine(capture, options, channel);
  }
}
