import type { RtmpError } from '../session/rtmp-error.js';
import type { RtmpConnectRequest } from './rtmp-connect-request.js';
import type { RtmpIngest } from './rtmp-ingest.js';
import type { RtmpPlayback } from './rtmp-playback.js';

/** What a server asks its owner, and tells it. Where a handler throws or rejects, the connection ends. */
export interface RtmpServerHandlers {
  /** Somebody has connected. Call `accept`, `reject` or `redirect`; without a handler, everybody is let in. */
  readonly onConnect?: (request: RtmpConnectRequest) => void | Promise<void>;
  /** Somebody wants to publish. Call `accept` or `reject`; without a handler, everybody is rejected. */
  readonly onPublish?: (ingest: RtmpIngest) => void | Promise<void>;
  /** Somebody wants to play. Call `accept` or `reject`; without a handler, everybody is rejected. */
  readonly onPlay?: (playback: RtmpPlayback) => void | Promise<void>;
  /** A connection ended otherwise than in order. `remote` is the peer's address and port. */
  readonly onError?: (error: RtmpError, remote: string) => void;
}
