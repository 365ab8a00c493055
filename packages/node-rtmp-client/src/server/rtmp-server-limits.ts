/** How much one server takes on, and for how long. Each has a default; see {@link defaultServerLimits}. */
export interface RtmpServerLimits {
  /**
   * Connections at a time. When there are more, the oldest that neither publishes nor plays gives way; when all do, the
   * new one is turned away.
   */
  readonly maxConnections?: number;
  /** Connections at a time from one IP address; as `maxConnections`. */
  readonly maxConnectionsPerAddress?: number;
  /** Bytes of one message that a client may send. A keyframe of 4K is a megabyte or two. */
  readonly maxMessageBytes?: number;
  /** Chunk streams that a client may use; each costs memory. */
  readonly maxChunkStreams?: number;
  /** Bytes a second that are taken from one connection; a client that sends faster is made to wait. */
  readonly maxBytesPerSecond?: number;
  /**
   * Milliseconds within which a client must publish or play, all that goes before included, and within which the owner
   * must accept or reject what it asks for.
   */
  readonly settleMs?: number;
  /** Milliseconds without a byte from a client, pongs included, after which it is taken for gone. */
  readonly silenceMs?: number;
  /** Milliseconds without media from a publisher, whatever else it says, after which it is taken for gone. */
  readonly idleMs?: number;
  /** Milliseconds for which a client may take nothing of what it is sent. */
  readonly stallMs?: number;
  /** Milliseconds after which every connection is ended. */
  readonly maxSessionMs?: number;
}

/** The limits of a server that is given none. */
export const defaultServerLimits: Required<RtmpServerLimits> = {
  maxConnections: 1000,
  maxConnectionsPerAddress: Infinity,
  maxMessageBytes: 8 * 1024 * 1024,
  maxChunkStreams: 64,
  maxBytesPerSecond: Infinity,
  settleMs: 15_000,
  silenceMs: 60_000,
  idleMs: 60_000,
  stallMs: 30_000,
  maxSessionMs: Infinity,
};
