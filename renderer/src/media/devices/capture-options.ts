export interface CaptureOptions {
  /** A device id, or `testPictureId`. */
  readonly cameraId: string;
  /** A device id, `testBeepId` or `noMicrophoneId`. */
  readonly microphoneId: string;
  /** What they are called, for when the browser does not say. */
  readonly cameraName?: string | undefined;
  readonly microphoneName?: string | undefined;
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
