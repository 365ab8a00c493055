import type { AmfValue } from '../amf/amf-value.js';
import type { ClientStream } from './client-stream.js';
import type { ClientStreamEvent } from './client-stream-event.js';
import type { ConnectRemedy } from './connect-remedy.js';
import type { RtmpError, RtmpPhase } from './rtmp-error.js';

export type ClientSessionEvent =
  | ClientStreamEvent<ClientStream>
  /** The session now waits for the server in this phase; 'streaming' is the answer to connect. */
  | { readonly type: 'phase'; readonly phase: RtmpPhase }
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
  /** Nothing more will come of this session. */
  | {
      readonly type: 'failed';
      readonly error: RtmpError;
      /** What the server says would help. */
      readonly remedy?: ConnectRemedy;
    };
