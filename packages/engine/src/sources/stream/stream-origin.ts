import type { FlvItem } from 'node-rtmp-client';

/** Where the stream of a publisher comes from, and that of the next one after it. */
export interface StreamOrigin {
  /** What people call it, such as `live/show`. */
  readonly name: string;
  /** Video frames that were lost on the way here so far. */
  readonly droppedFrames: number;
  /**
   * Waits for a publisher, and gives what it sends: headers, then frames, in their order. Ends with the publisher or with
   * `signal`. Nothing comes twice: of a publisher who is still there, a second call gives what is new.
   *
   * @throws AppError where waiting does not help.
   */
  items(signal: AbortSignal): AsyncIterable<FlvItem>;
}
