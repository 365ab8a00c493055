/** Audio and video, RTMP 1.0 §7.1.4 and §7.1.5. The body is that of an FLV tag of the same type. */
export interface MediaMessage {
  readonly type: 'audio' | 'video';
  readonly streamId: number;
  /** Milliseconds, modulo 2^32. */
  readonly timestamp: number;
  /** The pieces that make up the body; one piece in a message that was received. */
  readonly body: readonly Uint8Array[];
}
