import type { MediaChannelWriter } from '@tallylight/contract';
import type { Capture } from '../media/devices/capture.js';
import type { CaptureOptions, RendererEngineKind, RunningEngine } from '../media/media-engine.js';
import type { MediaDeviceList } from '../media/devices/media-devices.js';

/** What the state needs of the browser's media, so that it runs without one in tests. */
export interface MediaPort {
  openCapture(options: CaptureOptions): Promise<Capture>;
  startEngine(
    kind: RendererEngineKind,
    capture: Capture,
    options: CaptureOptions,
    channel: MediaChannelWriter,
    captureId: number,
  ): Promise<RunningEngine>;
  listMediaDevices(): Promise<MediaDeviceList>;
  onDeviceChange(listener: () => void): () => void;
  /** Camera or microphone were allowed or forbidden. */
  onPermissionChange(listener: () => void): () => void;
}
