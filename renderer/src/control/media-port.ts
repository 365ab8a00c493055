import type { MediaChannelWriter } from '@tallylight/contract';
import type { Capture } from '../media/devices/capture.js';
import type {
  CaptureOptions,
  ExpectedEngine,
  RendererEngineKind,
  RunningEngine,
} from '../media/media-engine.js';
import type { SeenPicture } from '../media/monitor/picture-raster.js';
import type { PictureSampler } from '../media/monitor/picture-sampler.js';
import type { MediaDeviceList } from '../media/devices/media-devices.js';

/** What the state needs of the browser's media, so that it runs without one in tests. */
export interface MediaPort {
  openCapture(options: CaptureOptions): Promise<Capture>;
  /** Gets an engine ready, in place of the one before, so that it starts soon; `undefined` gives that up. */
  prepareEngine(expected: ExpectedEngine | undefined): void;
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

/** What it needs to look at pictures. */
export interface PicturePort {
  /** Looks at what a camera gives, fitted to a shape (width by height). Returns how to stop. */
  watchCaptured(
    stream: MediaStream,
    shape: number,
    onPicture: (picture: SeenPicture) => void,
  ): () => void;
  createPictureSampler(): PictureSampler;
  /** The clock of the pictures that are looked at: milliseconds since the epoch. */
  pictureClock(): number;
}
