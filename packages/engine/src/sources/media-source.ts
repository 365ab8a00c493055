import type { EncodedPacket } from 'node-rtmp-client';

/** Where a broadcast's media comes from. Opened once; every source ends by itself or when its signal is aborted. */
export interface MediaSource {
  /** What people call it, for errors: "Test picture", a file's name, a camera's label. */
  readonly name: string;
  /** False when no sound is to be expected, so that nobody waits for it. */
  readonly hasAudio: boolean;
  /** Frames that capture or encoder lost so far. */
  readonly droppedFrames: number;
  /**
   * Packets in the order in which they are to be sent: configurations before frames, decode times rising within each
   * track. Pulling is the back-pressure. Returns when the source ends or `signal` is aborted.
   *
   * @throws AppError with a capture code when the device, file or encoder fails.
   */
  packets(signal: AbortSignal): AsyncIterable<EncodedPacket>;
}
