import type { FlvItem } from '../flv/flv-item.js';
import type { RtmpError } from './rtmp-error.js';
import type { ServerStatus } from './server-status.js';

/** What a client's stream has to tell. @typeParam Stream is `ClientStream`, which needs these events itself. */
export type ClientStreamEvent<Stream> =
  /** The server's words, whatever became of them. */
  | { readonly type: 'status'; readonly status: ServerStatus }
  /** The server has agreed to publish or play. */
  | { readonly type: 'stream-started'; readonly stream: Stream }
  | { readonly type: 'item'; readonly stream: Stream; readonly item: FlvItem }
  /** What a player asked for with pause or seek has come about, or has not. */
  | {
      readonly type: 'stream-changed';
      readonly stream: Stream;
      readonly change: 'paused' | 'resumed' | 'sought' | RtmpError;
    }
  /** The stream is over: undefined when it ended in order, while playing. The connection goes on. */
  | {
      readonly type: 'stream-ended';
      readonly stream: Stream;
      readonly error: RtmpError | undefined;
    };
