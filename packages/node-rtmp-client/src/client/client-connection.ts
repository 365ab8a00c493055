import type { Socket } from 'node:net';
import { within } from '../async/deadline.js';
import { withResolvers } from '../async/with-resolvers.js';
import { withinLimit } from '../async/within-limit.js';
import { networkError } from '../net/network-error.js';
import { plainBytes } from '../net/plain-bytes.js';
import { ReadGate } from '../net/read-gate.js';
import type { RtmpAddress, ShownAddress } from '../address/rtmp-address.js';
import { SocketWriter } from '../net/socket-writer.js';
import type { ClientSessionEvent } from '../session/client-event.js';
import { ClientSession, type ClientSessionOptions } from '../session/client-session.js';
import type { PlayRequest, PublishRequest } from '../session/client-stream.js';
import type { ConnectRemedy } from '../session/connect-remedy.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { RtmpClientEvent } from './connect-options.js';
import { EventWaiters } from './event-waiters.js';
import { closedByServer, closedFromHere, locatedError } from './located-error.js';
import { OpenStream } from './open-stream.js';
import { OpenStreams } from './open-streams.js';

/** So much leaves at once, however much more is said in the same turn. */
const batchBytes = 512 * 1024;

/** What has gone over a connection, or over those of one stream. */
export interface ConnectionStats {
  /** Bytes handed to the operating system. */
  readonly bytesSent: number;
  /** Bytes that the server says it has received; servers acknowledge now and then, some never. */
  readonly bytesAcknowledged: number;
  /** Bytes that wait to be handed to the operating system. */
  readonly bytesQueued: number;
}

export interface ClientConnectionOptions {
  readonly session: ClientSessionOptions;
  readonly address: RtmpAddress;
  /** The same for errors. */
  readonly shown: ShownAddress;
  /** Milliseconds after which a connection that takes nothing is lost, and that an orderly end may take. */
  readonly stallMs: number;
  readonly closeMs: number;
  readonly bitsPerSecond: number | undefined;
  readonly onEvent: ((event: RtmpClientEvent) => void) | undefined;
}

const pingMs = 5_000;

/** A client session on a socket: pumping bytes, telling streams what becomes of them, and knowing why it ended. */
export class ClientConnection {
  readonly session: ClientSession;
  readonly address: RtmpAddress;
  /** Settles when the connection has ended: with undefined after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #closed = withResolvers<RtmpError | undefined>();
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  readonly #gate: ReadGate;
  readonly #options: ClientConnectionOptions;
  readonly #waiters = new EventWaiters();
  readonly #streams: OpenStreams;
  #acknowledged = 0;
  #pings = 0;
  #reconnectRequest: { readonly tcUrl: string | undefined } | undefined;
  #onReconnectRequest: ((tcUrl: string | undefined) => void) | undefined;
  #closing = false;
  #ended = false;
  #error: RtmpError | undefined;
  #remedy: ConnectRemedy | undefined;
  #flushesSoon = false;
  readonly #pacedBytes = (): number => this.#writer.bytesPaced;
  readonly #flushAtLast = (): void => {
    this.#flushesSoon = false;
    void this.flush();
  };

  constructor(socket: Socket, options: ClientConnectionOptions) {
    this.session = new ClientSession(options.session);
    this.address = options.address;
    this.#socket = socket;
    this.#options = options;
    const { stallMs, bitsPerSecond } = options;
    const limit = this.session.outputLimit;
    this.#writer = new SocketWriter(socket, { stallMs, bitsPerSecond, limit });
    this.#gate = new ReadGate(socket);
    this.#streams = new OpenStreams(options.shown);
    this.closed = this.#closed.promise;
    socket
      .on('data', (bytes: Buffer) => this.#onData(plainBytes(bytes)))
      .on('error', (error: Error) => this.#onSocketError(error))
      .on('end', () =>
        this.#fail(closedByServer(this.session, 'closed', 'it closed the connection')),
      )
      .on('close', () => this.#onClose());
    void this.flush();
  }

  get stats(): ConnectionStats {
    const { bytesSent, bytesQueued } = this.#writer;
    return {
      bytesSent,
      bytesQueued: bytesQueued + this.session.outputBytes,
      bytesAcknowledged: this.#acknowledged,
    };
  }

  /** Bytes that have arrived, the protocol's own included. */
  get bytesReceived(): number {
    return this.#socket.bytesRead;
  }

  /** True while nothing is read, because nobody takes what came. */
  get isReadingHeld(): boolean {
    return this.#gate.isHeld;
  }

  /** Why nothing more can be sent; undefined while it can. */
  get error(): RtmpError | undefined {
    if (this.#error !== undefined) return this.#error;
    return this.#closing ? closedFromHere() : undefined;
  }

  /** Where it leads, as it may be shown. */
  get shownUrl(): string {
    return this.#options.shown.url;
  }

  /** What the server that refused us says would help. */
  get remedy(): ConnectRemedy | undefined {
    return this.#remedy;
  }

  /** Sends what the session has to say; waits while the socket is behind. */
  flush(): Promise<void> {
    return this.#writer.write(this.session.drainOutput());
  }

  /**
   * As `flush`, but what is said in one turn of the event loop leaves together: calls to the system cost the most. Up
   * to `batchBytes` of that nobody waits for yet. What is paced leaves in small portions anyway.
   *
   * @returns `nothingToWaitFor` while the socket takes more, else what resolves when it has caught up.
   */
  flushSoon(): Promise<void> {
    const isPaced = this.#options.bitsPerSecond !== undefined;
    if (isPaced || this.session.outputBytes >= batchBytes) return this.flush();
    if (!this.#flushesSoon) {
      this.#flushesSoon = true;
      process.nextTick(this.#flushAtLast);
    }
    return this.#writer.ready();
  }

  /** Resolves once the session is in `phase`. @throws RtmpError */
  async reaches(phase: 'connect' | 'streaming'): Promise<void> {
    const there = (): boolean => this.session.phase === phase || this.session.phase === 'streaming';
    if (!there() || this.#error !== undefined) await this.waitFor(there);
  }

  /**
   * Resolves once `done` says so of the events that arrived.
   *
   * @throws RtmpError when the connection ends first.
   */
  async waitFor(
    done: (events: readonly ClientSessionEvent[]) => boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    const { error } = this;
    if (error !== undefined) throw error;
    await this.#waiters.wait(done, this.session.phase, signal);
  }

  /** Asks for a stream. @throws RtmpError when the connection has ended. */
  open(request: PublishRequest | PlayRequest): OpenStream {
    const { error } = this;
    if (error !== undefined) throw error;
    const open = new OpenStream(this.session.open(request), this.#gate);
    this.#streams.add(open);
    void this.flush();
    return open;
  }

  /**
   * Asks the server for a sign of life.
   *
   * @returns milliseconds until it came.
   * @throws RtmpError 'timeout', 'aborted', or the connection's end.
   */
  async ping(signal?: AbortSignal, limitMs = pingMs): Promise<number> {
    const timestamp = ++this.#pings;
    const started = performance.now();
    this.session.ping(timestamp);
    void this.flush();
    const isAnswer = (event: ClientSessionEvent): boolean =>
      event.type === 'pong' && event.timestamp === timestamp;
    await withinLimit(
      { limitMs, signal },
      (limited) => this.waitFor((events) => events.some(isAnswer), limited),
      () => new RtmpError('timeout', 'streaming', 'no answer to a ping'),
    );
    return performance.now() - started;
  }

  /** @param listener is told where to, also when the server has asked already. */
  onReconnectRequest(listener: (tcUrl: string | undefined) => void): void {
    this.#onReconnectRequest = listener;
    if (this.#reconnectRequest !== undefined) listener(this.#reconnectRequest.tcUrl);
  }

  /**
   * Leaves a stream in order; the connection goes on. Resolves when what was queued has been sent, or at the deadline.
   */
  async leave(open: OpenStream, deadlineMs = this.#options.closeMs): Promise<void> {
    if (open.isOver) return;
    this.#streams.forget(open);
    this.session.leave(open.stream);
    const sent = this.flush();
    open.end(undefined, closedFromHere());
    // Where the connection breaks instead, there is nothing left to be done for the stream.
    await within(sent, deadlineMs).catch(() => undefined);
  }

  /** Leaves all streams in order, sends what is queued, then ends the connection; by the deadline at the latest. */
  async close(deadlineMs = this.#options.closeMs): Promise<void> {
    if (!this.#closing && this.#error === undefined) {
      this.#closing = true;
      this.session.close();
      void this.flush();
      this.#writer.flush();
      this.#socket.end();
    }
    if ((await within(this.closed, deadlineMs)) !== 'late') return;
    this.#socket.destroy();
    await this.closed;
  }

  /** Drops the connection at once. */
  abort(reason = new RtmpError('aborted', this.session.phase, 'aborted from here')): void {
    this.#fail(reason);
  }

  #onData(bytes: Uint8Array): void {
    const events = this.session.receive(bytes);
    void this.flush();
    this.#gate.holdWhileBehind(this.#pacedBytes);
    for (const event of events) this.#handle(event);
    this.#waiters.tell(events);
  }

  #handle(event: ClientSessionEvent): void {
    switch (event.type) {
      case 'acknowledged':
        this.#acknowledged = event.bytes;
        break;
      case 'failed':
        this.#remedy = event.remedy;
        this.#fail(event.error);
        break;
      case 'reconnect-request':
        // What comes of it is told after it.
        this.#options.onEvent?.(event);
        this.#reconnectRequest = event;
        this.#onReconnectRequest?.(event.tcUrl);
        return;
      default:
        this.#streams.tell(event);
    }
    if (isForCaller(event)) this.#options.onEvent?.(event);
  }

  #onSocketError(error: Error): void {
    const { phase } = this.session;
    const reason = networkError(error, phase);
    this.#fail(
      reason.code === 'reset' && phase !== 'streaming'
        ? closedByServer(this.session, 'reset', 'it broke off the connection', reason)
        : reason,
    );
  }

  #fail(error: RtmpError): void {
    if (this.#error !== undefined || this.#ended) return;
    // After our own close, how the server takes it does not matter.
    if (!this.#closing) this.#error = locatedError(error, this.#options.shown);
    this.#socket.destroy();
    this.#rejectWaiting();
  }

  #onClose(): void {
    this.#fail(closedByServer(this.session, 'closed', 'it closed the connection'));
    this.#ended = true;
    this.#rejectWaiting();
    this.#streams.endAll(this.#error);
    this.#closed.resolve(this.#error);
  }

  #rejectWaiting(): void {
    const { error } = this;
    if (error === undefined) return;
    this.#writer.fail(error);
    this.#waiters.fail(error);
  }
}

type ForCaller = Extract<ClientSessionEvent, { type: 'status' | 'acknowledged' }>;
const isForCaller = (event: ClientSessionEvent): event is ForCaller =>
  event.type === 'status' || event.type === 'acknowledged';
