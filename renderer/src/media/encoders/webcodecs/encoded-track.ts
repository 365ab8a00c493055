/** What an encoder gave out, still in its own memory. */
export interface EncodedFrame {
  readonly keyframe: boolean;
  /** Microseconds from the start of what was encoded. */
  readonly pts: number;
  readonly byteLength: number;
  /** Writes the frame into `target`, which has room for it; only while {@link EncodedTrackEvents.onFrame} runs. */
  copyTo(target: Uint8Array<ArrayBuffer>): void;
}

export interface EncodedTrackEvents {
  /** The decoder's configuration: before the first frame, and where it changes. The bytes are the listener's. */
  readonly onConfiguration: (description: Uint8Array) => void;
  readonly onFrame: (frame: EncodedFrame) => void;
}
