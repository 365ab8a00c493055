import type { FlvItem } from '../flv/flv-item.js';
import type { RtmpError } from './rtmp-error.js';
import type { ConnectRequest, PlayRequest, PublishRequest } from './server-requests.js';

export type ServerSessionEvent =
  /** Answer with `acceptConnect` or `rejectConnect`; until then nothing further comes. */
  | { readonly type: 'connect'; readonly request: ConnectRequest }
  /** Answer with `accept` or `reject`. */
  | { readonly type: 'publish'; readonly request: PublishRequest }
  | { readonly type: 'play'; readonly request: PlayRequest }
  /** Media or metadata of an accepted ingest. */
  | { readonly type: 'item'; readonly streamId: number; readonly item: FlvItem }
  | PauseEvent
  | SeekEvent
  /** The client has left the stream, whatever its state was. */
  | { readonly type: 'stream-closed'; readonly streamId: number }
  | { readonly type: 'pong'; readonly timestamp: number }
  | { readonly type: 'failed'; readonly error: RtmpError };

/** A playing client has paused or goes on, and has been told that it may. */
interface PauseEvent {
  readonly type: 'pause';
  readonly streamId: number;
  readonly paused: boolean;
  /** The client's place in the stream. */
  readonly milliseconds: number;
}

/** A playing client wants to go to another place. Answer with `answerSeek`. */
export interface SeekEvent {
  readonly type: 'seek';
  readonly streamId: number;
  readonly transactionId: number;
  readonly milliseconds: number;
}
