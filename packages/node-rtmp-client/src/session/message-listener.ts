/** A message as it is on the wire, RTMP 1.0 §6.1.1. */
export interface WireMessage {
  readonly direction: 'sent' | 'received';
  /** Of a message that is sent. */
  readonly chunkStreamId?: number;
  readonly typeId: number;
  /** Message stream id; 0 is the connection itself. */
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  /** The pieces that make up the payload. */
  readonly payload: readonly Uint8Array[];
}

/** Is told of every message before anything comes of it. */
export type MessageListener = (message: WireMessage) => void;
