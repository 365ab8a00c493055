import type { AmfValue } from '../amf/amf-value.js';
import { PhaseRunner } from '../net/phase-runner.js';
import type { Capabilities } from '../session/capabilities.js';
import type { PlayRequest, PublishRequest } from '../session/client-stream.js';
import { abortedByCaller, type RtmpError } from '../session/rtmp-error.js';
import { callPeer } from './call-peer.js';
import type { ClientConnection, ConnectionStats } from './client-connection.js';
import type { ConnectOptions } from './connect-options.js';
import { declaredCapabilities, ConnectionOpener } from './connection-opener.js';
import type { OpenStream } from './open-stream.js';
import { playerLink, playRequest, type PlayRange } from './player-link.js';
import { publishRequest, type PublishMode } from './publisher-link.js';
import { RtmpPlayer } from './rtmp-player.js';
import { RtmpPublisher } from './rtmp-publisher.js';

/**
 * Connects to a server's application, RTMP 1.0 §7.2.1.1; any number of streams can then be published and played over
 * the one connection.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function connect(options: ConnectOptions): Promise<RtmpConnection> {
  const opening = new ConnectionOpener({
    ...options,
    // Several streams cannot be moved together; who wants to listens to 'reconnect-request'.
    capabilities: declaredCapabilities(options, false),
    plays: true,
    secrets: [],
  });
  return new RtmpConnection(await opening.connect(), options);
}

/** A connection to a server's application. Get one from `connect`. */
export class RtmpConnection {
  readonly #connection: ClientConnection;
  readonly #options: ConnectOptions;

  constructor(connection: ClientConnection, options: ConnectOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Settles when the connection has ended: with undefined after `close`, else with the reason. Never rejects. */
  get closed(): Promise<RtmpError | undefined> {
    return this.#connection.closed;
  }

  /** Of all the streams of the connection together. */
  get stats(): ConnectionStats {
    return this.#connection.stats;
  }

  /** What the server declared in its answer to `connect`. */
  get peer(): Capabilities {
    return this.#connection.session.peer;
  }

  /** Publishes a stream; resolves once the server has said that it has started. Ending it leaves the connection. */
  async publish(options: {
    /** The stream's name and query. Secret: it appears in no error. */
    readonly streamKey: string;
    readonly mode?: PublishMode;
    readonly nanoseconds?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<RtmpPublisher> {
    const connection = this.#connection;
    const open = await this.#open(publishRequest(options, connection.session.peer), options.signal);
    return new RtmpPublisher({ connection, open });
  }

  /** Plays a stream; resolves once the server has said that it plays. Ending it leaves the connection. */
  async play(
    options: PlayRange & {
      readonly streamName: string;
      readonly signal?: AbortSignal;
    },
  ): Promise<RtmpPlayer> {
    const { streamName: streamKey, ...rest } = options;
    const open = await this.#open(playRequest({ ...rest, streamKey }), options.signal);
    return new RtmpPlayer(playerLink(this.#connection, open), this.#options.deadlines);
  }

  /**
   * Calls a method of the server, RTMP 1.0 §7.2.1.2.
   *
   * @returns what the server answered: the command object first, then the rest.
   * @throws RtmpError 'call-failed' when it answers with an error, 'timeout', 'aborted', or the connection's end.
   */
  call(
    name: string,
    values: readonly AmfValue[] = [],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<AmfValue[]> {
    return callPeer(this.#connection, name, values, {
      ...options,
      deadlines: this.#options.deadlines,
    });
  }

  /** Leaves all streams in order and disconnects. Always ends, at the latest after `deadlineMs` (3000). */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    return this.#connection.close(options.deadlineMs);
  }

  /** Drops the connection at once. */
  abort(): void {
    this.#connection.abort();
  }

  async #open(
    request: PublishRequest | PlayRequest,
    signal: AbortSignal | undefined,
  ): Promise<OpenStream> {
    const { deadlines } = this.#options;
    const connection = this.#connection;
    let open: OpenStream | undefined;
    try {
      await new PhaseRunner({ deadlines, signal }).run(request.role, () => {
        open = connection.open(request);
        return open.started;
      });
    } catch (error) {
      if (open !== undefined) void connection.leave(open);
      throw error;
    }
    if (open === undefined) throw abortedByCaller(request.role);
    return open;
  }
}
