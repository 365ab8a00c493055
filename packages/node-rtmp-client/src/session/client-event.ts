import type { AmfValue } from '../amf/amf-value.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { ClientStream } from './client-stream.js';
import type { ConnectRemedy } from './connect-remedy.js';
import type { RtmpError, RtmpPhase } from './rtmp-error.js';
import type { ServerStatus } from './server-status.js';

export type ClientSessionEvent =
  /** The session now waits for the server in this phase; 'streaming' is the answer to connect. */
  | { readonly type: 'phase'; readonly phase: RtmpPhase }
  /** The server's words, whatever became of them. */
  | { readonly type: 'status'; readonly status: ServerStatus }
  /** Bytes that the server has received in all. */
  | { readonly type: 'acknowledged'; readonly bytes: number }
  | { readonly type: 'pong'; readonly timestamp: number }
  /** Enhanced RTMP v2 "Reconnect Request". `tcUrl` may be relative to the one in use; undefined means the same. */
  | {
      readonly type: 'reconnect-request';
      readonly tcUrl: string | undefined;
      readonly description: string;
    }
  /** The answer to a call of `ClientSession.call`. */
  | {
      readonly type: 'answered';
      readonly call: number;
      readonly answer: readonly AmfValue[] | RtmpError;
    }
  /** The server has agreed to publish or play. */
  | { readonly type: 'stream-started'; readonly stream: ClientStream }
  | { readonly type: 'item'; readonly stream: ClientStream; readonly item: FlvItem }
  /** What a player asked for with pause or seek has come about, or has not. */
  | {
      readonly type: 'stream-changed';
      readonly stream: ClientStream;
      readonly change: 'paused' | 'resumed' | 'sought' | RtmpError;
    }
  /** The stream is over: undefined when it ended in order, while playing. The connection goes on. */
  | {
      readonly type: 'stream-ended';
      readonly stream: ClientStream;
      readonly error: RtmpError | undefined;
    }
  /** Nothing more will come of this session. */
  | {
      readonly type: 'failed';
      readonly error: RtmpError;
      /** What the server says would help. */
      readonly remedy?: ConnectRemedy;
    };
