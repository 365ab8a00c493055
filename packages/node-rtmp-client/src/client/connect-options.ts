import type { TracedMessage } from '../net/message-tracer.js';
import type { SocketOptions } from '../net/open-socket.js';
import type { Deadlines, PhaseEvent } from '../net/phase-runner.js';
import type { RtmpAddress } from '../address/rtmp-address.js';
import type { Credentials } from '../session/auth-challenge.js';
import type { Capabilities } from '../session/capabilities.js';
import type { RtmpError } from '../session/rtmp-error.js';
import type { ServerStatus } from '../session/server-status.js';

/**
 * What a server says while a connection lives, and what the library does by itself when it is asked to go to another
 * server. `shownUrl` is an address as it may be shown: without key and query, and with `***` for a secret that the server put
 * into it.
 *
 * A request that is followed: 'reconnect-request', 'moving', then 'moved' or 'move-failed'. Where the old connection
 * ends before the new one can take over: 'held' before 'moved', and 'resumed' after it; or the stream ends, and its
 * `closed` says why.
 */
export type RtmpClientEvent =
  /** The server said something of a stream, or of the connection (onStatus, RTMP 1.0 §7.2.2). */
  | { readonly type: 'status'; readonly status: ServerStatus }
  /** Bytes that the server says it has received in all, over the connection in use. */
  | { readonly type: 'acknowledged'; readonly bytes: number }
  /** The server asks us to reconnect. `tcUrl` may be relative to the one in use; undefined means the same. */
  | {
      readonly type: 'reconnect-request';
      readonly tcUrl: string | undefined;
      readonly description: string;
    }
  /** Another connection is being opened. The stream goes on where it is meanwhile. */
  | { readonly type: 'moving'; readonly shownUrl: string }
  /**
   * The old connection has ended, and the stream waits for the new one, and for a keyframe: what is written is dropped,
   * and a player gets nothing. `error` says why it ended; undefined when it ended in order.
   */
  | { readonly type: 'held'; readonly error: RtmpError | undefined }
  /** The stream goes on over another connection. */
  | { readonly type: 'moved'; readonly shownUrl: string }
  /** The stream, which was held, goes on. */
  | { readonly type: 'resumed' }
  /** The new server could not be reached or did not take the stream, which goes on where it was. */
  | { readonly type: 'move-failed'; readonly error: Error };

/** How to get to a server and its application. */
export interface ConnectOptions extends SocketOptions {
  readonly address: RtmpAddress;
  /**
   * For servers that ask for them (`authmod=adobe`, `authmod=llnw`); those of `address` where absent. Secret: they appear in
   * no error.
   */
  readonly credentials?: Credentials | undefined;
  /** 'digest' for the few servers that ask for it; 'simple' (RTMP 1.0 §5.2) by default. */
  readonly handshake?: 'simple' | 'digest' | undefined;
  /** What is declared to the server; what this library can do by default. `noCapabilities` declares nothing. */
  readonly capabilities?: Capabilities | undefined;
  /** Lets nothing out faster, so that a keyframe does not overrun a shallow buffer on the way. */
  readonly pacing?: { readonly bitsPerSecond: number } | undefined;
  /** Aborts the opening; an open connection is ended by its own methods. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each phase, and `overall` for all of the opening. */
  readonly deadlines?: Deadlines | undefined;
  /**
   * Authentication and redirects mean more connections. They are not told one by one: they happen within the phase
   * whose answer made them necessary, and within its deadline.
   */
  readonly onPhase?: ((event: PhaseEvent) => void) | undefined;
  /** Is told what the server says, and what the library does by itself. */
  readonly onEvent?: ((event: RtmpClientEvent) => void) | undefined;
  /**
   * Is told of every RTMP message, in both directions and over every connection that is opened, without stream keys and
   * credentials; see `formatTraceLine`. Costs nothing where it is absent.
   */
  readonly onMessage?: ((message: TracedMessage) => void) | undefined;
}

/** What publishing and playing have in common. */
export interface RtmpClientOptions extends ConnectOptions {
  /** The stream's name and query. Secret when publishing: it appears in no error. */
  readonly streamKey: string;
}
