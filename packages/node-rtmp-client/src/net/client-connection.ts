import type { Socket } from 'node:net';
import {
  ClientSession,
  type ClientSessionEvent,
  type ClientSessionOptions,
} from '../session/client-session.js';
import { RtmpError, type RtmpPhase } from '../session/rtmp-error.js';
import { ItemQueue } from './item-queue.js';
import { networkError } from './network-error.js';
import { openSocket, type TlsOptions } from './open-socket.js';
import { deadlineOf, PhaseRunner, type Deadlines, type PhaseEvent } from './phase-runner.js';
import type { RtmpAddress } from './rtmp-url.js';
import { plainBytes } from './plain-bytes.js';
import { ReadGate } from './read-gate.js';
import { SocketWriter } from './socket-writer.js';

/** What a server says while a connection lives. */
export type RtmpClientEvent = Extract<
  ClientSessionEvent,
  { type: 'status' | 'acknowledged' | 'reconnect-request' }
>;

export interface RtmpClientOptions {
  readonly address: RtmpAddress;
  /** The stream's name and query. Secret when publishing: it appears in no error. */
  readonly streamKey: string;
  /** Aborts the opening; an open connection is ended by its own methods. */
  readonly signal?: AbortSignal;
  /** Milliseconds for each phase, and `overall` for all of the opening. */
  readonly deadlines?: Deadlines;
  readonly tls?: TlsOptions;
  readonly onPhase?: (event: PhaseEvent) => void;
  readonly onEvent?: (event: RtmpClientEvent) => void;
}

export interface ConnectionStats {
  /** Bytes handed to the operating system. */
  readonly bytesSent: number;
  /** Bytes that the server says it has received; servers acknowledge now and then, some never. */
  readonly bytesAcknowledged: number;
  /** Bytes that wait to be handed to the operating system. */
  readonly bytesQueued: number;
}

const phaseOrder: readonly RtmpPhase[] = ['handshake', 'connect', 'publish', 'streaming'];
const orderOf = (phase: RtmpPhase): number =>
  phaseOrder.indexOf(phase === 'play' ? 'publish' : phase);

interface Waiter {
  readonly done: (events: readonly ClientSessionEvent[]) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: RtmpError) => void;
}

/**
 * A client session on a socket: opening it phase by phase, pumping bytes, and knowing why it ended.
 */
export class ClientConnection {
  readonly session: ClientSession;
  /** What arrives while playing. */
  readonly items: ItemQueue;
  /** Settles when the connection has ended: with undefined after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  readonly #gate: ReadGate;
  readonly #options: RtmpClientOptions;
  readonly #waiters = new Set<Waiter>();
  #settleClosed: (error: RtmpError | undefined) => void = () => undefined;
  #acknowledged = 0;
  #closing = false;
  #ended = false;
  #error: RtmpError | undefined;

  private constructor(socket: Socket, session: ClientSession, options: RtmpClientOptions) {
    this.session = session;
    this.#socket = socket;
    this.#options = options;
    this.#writer = new SocketWriter(socket, deadlineOf('streaming', options.deadlines));
    this.#gate = new ReadGate(socket);
    this.items = new ItemQueue(this.#gate);
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    socket
      .on('data', (bytes: Buffer) => this.#onData(plainBytes(bytes)))
      .on('error', (error: Error) => this.#onSocketError(error))
      .on('end', () => this.#fail(this.#closedByServer('closed', 'it closed the connection')))
      .on('close', () => this.#onClose());
  }

  /** @throws RtmpError, with host and port in its data. */
  static async open(
    role: ClientSessionOptions['role'],
    options: RtmpClientOptions,
  ): Promise<ClientConnection> {
    const { address, streamKey } = options;
    let connection: ClientConnection | undefined;
    try {
      if (streamKey === '') throw new RtmpError('invalid-url', 'dns', 'the stream key is missing');
      const phases = new PhaseRunner(options);
      const socket = await openSocket(address, options.tls, phases);
      const { app, tcUrl } = address;
      const session = new ClientSession({ role, app, tcUrl, streamKey });
      const opened = new ClientConnection(socket, session, options);
      connection = opened;
      void opened.flush();
      await phases.run('handshake', () => opened.#reaches('connect'));
      await phases.run(
        'connect',
        () => opened.#reaches(role),
        () => app,
      );
      await phases.run(role, () => opened.#reaches('streaming'));
      return opened;
    } catch (error) {
      connection?.abort();
      throw error instanceof RtmpError ? located(error, address) : error;
    }
  }

  get stats(): ConnectionStats {
    const { bytesSent, bytesQueued } = this.#writer;
    return { bytesSent, bytesQueued, bytesAcknowledged: this.#acknowledged };
  }

  /** Bytes that have arrived, the protocol's own included. */
  get bytesReceived(): number {
    return this.#socket.bytesRead;
  }

  /** Why nothing more can be sent; undefined while it can. */
  get error(): RtmpError | undefined {
    if (this.#error !== undefined) return this.#error;
    return this.#closing ? new RtmpError('closed', 'close', 'it was closed from here') : undefined;
  }

  /** Sends what the session has to say; waits while the socket is behind. */
  flush(): Promise<void> {
    return this.#writer.write(this.session.takeOutput());
  }

  /**
   * Resolves once `done` says so of the events that arrived.
   *
   * @throws RtmpError when the connection ends first.
   */
  waitFor(done: Waiter['done'], signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const { error } = this;
      if (error !== undefined) {
        reject(error);
        return;
      }
      const onAbort = (): void => {
        waiter.reject(new RtmpError('aborted', this.session.phase, 'aborted by the caller'));
      };
      const forget = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        done,
        resolve: () => {
          forget();
          resolve();
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  /** Leaves the stream in order, sends what is queued, then ends the connection; by the deadline at the latest. */
  async close(deadlineMs = deadlineOf('close', this.#options.deadlines)): Promise<void> {
    if (!this.#closing && this.#error === undefined) {
      this.#closing = true;
      this.session.close();
      void this.flush();
      this.#socket.end();
    }
    const timer = setTimeout(() => this.#socket.destroy(), deadlineMs);
    await this.closed;
    clearTimeout(timer);
  }

  abort(): void {
    this.#fail(new RtmpError('aborted', this.session.phase, 'aborted from here'));
  }

  async #reaches(phase: RtmpPhase): Promise<void> {
    const there = (): boolean => orderOf(this.session.phase) >= orderOf(phase);
    if (!there() || this.#error !== undefined) await this.waitFor(there);
  }

  #onData(bytes: Uint8Array): void {
    const events = this.session.receive(bytes);
    void this.flush();
    this.#gate.holdWhileBehind();
    for (const event of events) this.#handle(event);
    for (const waiter of [...this.#waiters]) if (waiter.done(events)) waiter.resolve();
  }

  #handle(event: ClientSessionEvent): void {
    switch (event.type) {
      case 'acknowledged':
        this.#acknowledged = event.bytes;
        break;
      case 'failed':
        this.#fail(event.error);
        break;
      case 'ended':
        void this.close();
        break;
      case 'item':
        this.items.push(event.item);
        return;
      default:
    }
    if (isForCaller(event)) this.#options.onEvent?.(event);
  }

  #onSocketError(error: Error): void {
    const { phase } = this.session;
    const reason = networkError(error, phase);
    this.#fail(
      reason.code === 'reset' && phase !== 'streaming'
        ? this.#closedByServer('reset', 'it broke off the connection', reason)
        : reason,
    );
  }

  /** What it means when a server just ends the connection depends on what it was asked last. */
  #closedByServer(code: 'closed' | 'reset', words: string, cause?: Error): RtmpError {
    const { phase, serverSpokeRtmp } = this.session;
    switch (phase) {
      case 'handshake':
        return new RtmpError(serverSpokeRtmp ? code : 'not-rtmp', phase, words, {}, { cause });
      case 'connect':
        return new RtmpError('connect-rejected', phase, words, {}, { cause });
      case 'publish':
        return new RtmpError('publish-rejected', phase, words, {}, { cause });
      case 'play':
        return new RtmpError('stream-not-found', phase, words, {}, { cause });
      default:
        return new RtmpError(code, phase, words, {}, { cause });
    }
  }

  #fail(error: RtmpError): void {
    if (this.#error !== undefined || this.#ended) return;
    // After our own close, how the server takes it does not matter.
    if (!this.#closing) this.#error = located(error, this.#options.address);
    this.#socket.destroy();
    this.#rejectWaiting();
  }

  #onClose(): void {
    this.#fail(this.#closedByServer('closed', 'it closed the connection'));
    this.#ended = true;
    this.#rejectWaiting();
    this.items.end();
    this.#settleClosed(this.#error);
  }

  #rejectWaiting(): void {
    const { error } = this;
    if (error === undefined) return;
    this.#writer.fail(error);
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}

const isForCaller = (event: ClientSessionEvent): event is RtmpClientEvent =>
  event.type === 'status' || event.type === 'acknowledged' || event.type === 'reconnect-request';

function located(error: RtmpError, { host, port, app }: RtmpAddress): RtmpError {
  const { code, phase, data, cause } = error;
  const { reason, ...rest } = data;
  const more = { ...rest, host, port, ...(code === 'connect-rejected' && { app }) };
  return new RtmpError(code, phase, String(reason), more, { cause });
}
