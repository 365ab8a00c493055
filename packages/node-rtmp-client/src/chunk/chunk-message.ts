/** A message as it comes out of its chunks, RTMP 1.0 §6.1.1. */
export interface ChunkMessage {
  readonly typeId: number;
  /** Message stream id; 0 is the connection itself. */
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** A message on its way into chunks. */
export interface OutgoingChunkMessage {
  /** 2 to 65599. Some servers refuse 32 and above. */
  readonly chunkStreamId: number;
  readonly typeId: number;
  readonly streamId: number;
  /** Milliseconds; sent modulo 2^32. */
  readonly timestamp: number;
  /**
   * The pieces that make up the payload. They are sent as they are, not copied; only a first piece of a few bytes is.
   */
  readonly payload: readonly Uint8Array[];
}

/** RTMP 1.0 §5.4.1 */
export const defaultChunkSize = 128;

/** Timestamp field value that says "look at the extended timestamp", RTMP 1.0 §5.3.1.3. */
export const extendedTimestampMark = 0xffffff;
