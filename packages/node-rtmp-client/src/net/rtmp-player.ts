import type { FlvItem } from '../flv/flv-demuxer.js';
import type { RtmpError } from '../session/rtmp-error.js';
import { ClientConnection, type RtmpClientOptions } from './client-connection.js';

/**
 * Connects to a server and asks to play; resolves once the server has said that it plays, which most say also of a
 * stream that nobody publishes yet.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function play(options: RtmpClientOptions): Promise<RtmpPlayer> {
  return new RtmpPlayer(await ClientConnection.open('play', options));
}

export interface PlayerStats {
  /** Bytes that have arrived, the protocol's own included. */
  readonly bytesReceived: number;
}

/** A stream that is being played; iterate over it once. Get one from `play`. */
export class RtmpPlayer implements AsyncIterable<FlvItem> {
  readonly #connection: ClientConnection;

  constructor(connection: ClientConnection) {
    this.#connection = connection;
  }

  /**
   * Settles when the connection has ended: with undefined when the stream ended in order or after `close`, else with the
   * reason. Never rejects.
   */
  get closed(): Promise<RtmpError | undefined> {
    return this.#connection.closed;
  }

  get stats(): PlayerStats {
    return { bytesReceived: this.#connection.bytesReceived };
  }

  /** Comes to its end when the connection does; `closed` then says why. The server is held up while nobody reads. */
  [Symbol.asyncIterator](): AsyncIterator<FlvItem> {
    return this.#connection.items[Symbol.asyncIterator]();
  }

  /** Leaves the stream and disconnects. Always ends, at the latest after `deadlineMs` (3000). */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    return this.#connection.close(options.deadlineMs);
  }

  /** Drops the connection at once. */
  abort(): void {
    this.#connection.abort();
  }
}
