import type { AmfValue } from '../amf/amf-value.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { ClientSession } from '../session/client-session.js';
import { RtmpError } from '../session/rtmp-error.js';
import {
  ClientConnection,
  type ConnectionStats,
  type RtmpClientOptions,
} from './client-connection.js';

const pingDeadlineMs = 5_000;

/**
 * Connects to a server and asks to publish; resolves once the server has said that publishing has started.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function publish(options: RtmpClientOptions): Promise<RtmpPublisher> {
  return new RtmpPublisher(await ClientConnection.open('publish', options));
}

/** A stream that is being published. Get one from `publish`. */
export class RtmpPublisher {
  readonly #connection: ClientConnection;
  #pings = 0;

  constructor(connection: ClientConnection) {
    this.#connection = connection;
  }

  /** Settles when the connection has ended: with undefined after `close`, else with the reason. Never rejects. */
  get closed(): Promise<RtmpError | undefined> {
    return this.#connection.closed;
  }

  get stats(): ConnectionStats {
    return this.#connection.stats;
  }

  /**
   * Sends one packet. Its payload is not copied and may still be queued when the promise resolves: it must not be
   * written to any more.
   *
   * Resolves at once while the connection takes more, else when it has caught up: wait for it, and nothing piles up.
   * @throws RtmpError when the connection has ended; MalformedError when the packet cannot be told in RTMP.
   */
  async write(packet: EncodedPacket): Promise<void> {
    this.#openSession().writePacket(packet);
    await this.#connection.flush();
  }

  /** Sends onMetaData. @throws RtmpError when the connection has ended. */
  async writeMetadata(metadata: Record<string, AmfValue>): Promise<void> {
    this.#openSession().writeMetadata(metadata);
    await this.#connection.flush();
  }

  /**
   * Asks the server for a sign of life. Some servers never answer.
   *
   * @returns milliseconds until the answer came.
   * @throws RtmpError 'timeout' after 5 s, 'aborted', or the connection's end.
   */
  async ping(signal?: AbortSignal): Promise<number> {
    const timestamp = ++this.#pings;
    const started = performance.now();
    const deadline = AbortSignal.timeout(pingDeadlineMs);
    this.#openSession().ping(timestamp);
    void this.#connection.flush();
    try {
      await this.#connection.waitFor(
        (events) => events.some((event) => event.type === 'pong' && event.timestamp === timestamp),
        signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      );
    } catch (error) {
      if (!deadline.aborted || signal?.aborted === true) throw error;
      throw new RtmpError('timeout', 'streaming', 'no answer to a ping');
    }
    return performance.now() - started;
  }

  /** Unpublishes, sends what is queued and disconnects. Always ends, at the latest after `deadlineMs` (3000). */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    return this.#connection.close(options.deadlineMs);
  }

  /** Drops the connection at once. */
  abort(): void {
    this.#connection.abort();
  }

  #openSession(): ClientSession {
    const { error, session } = this.#connection;
    if (error !== undefined) throw error;
    return session;
  }
}
