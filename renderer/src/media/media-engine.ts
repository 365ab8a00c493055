import type { EngineKind, MediaChannelWriter } from '@tallylight/contract';
import type { CaptureOptions } from './capture-options.js';
import type { Capture } from './capture.js';
import { startMediaRecorderEngine } from './media-recorder-engine.js';
import type { RunningEngine } from './running-engine.js';
import { startWebCodecsEngine } from './webcodecs-engine.js';

export { CaptureError } from './capture-error.js';
export type { CaptureOptions } from './capture-options.js';
export { openCapture, type Capture } from './capture.js';
export type { RunningEngine } from './running-engine.js';
export { listMediaDevices, onDeviceChange, type MediaDeviceList } from './media-devices.js';

export type RendererEngineKind = Exclude<EngineKind, 'ffmpeg'>;

/**
 * Starts to encode `capture` and to send it, behind a `begin` of number `captureId`. The capture stays open when the engine
 * stops.
 *
 * @throws CaptureError with `ENCODER_FAILED` when there is no encoder that works.
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
