import type { Socket } from 'node:net';
import { traceMessages, type TracedMessage } from '../net/message-tracer.js';
import { networkError } from '../net/network-error.js';
import { nodeDigests } from '../net/node-digests.js';
import { plainBytes } from '../net/plain-bytes.js';
import { ReadGate } from '../net/read-gate.js';
import { SocketWriter } from '../net/socket-writer.js';
import type { Capabilities } from '../session/capabilities.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { ConnectRequest } from '../session/server-requests.js';
import type { ServerSessionEvent } from '../session/server-session-event.js';
import { ServerSession } from '../session/server-session.js';
import type { SharedChunks } from '../session/shared-chunks.js';
import { PeerWatch } from './peer-watch.js';
import { RateLimit } from './rate-limit.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';
import type { RtmpServerLimits } from './rtmp-server-limits.js';
import { ServedStreams } from './served-streams.js';
import type { Admission, ServerAdmission } from './server-admission.js';

const closeMs = 1_000;

export interface ServerConnectionOptions {
  readonly handlers: RtmpServerHandlers;
  readonly admission: ServerAdmission;
  readonly limits: Required<RtmpServerLimits>;
  readonly shared: SharedChunks;
  readonly capabilities?: Capabilities | undefined;
  readonly onMessage?: ((message: TracedMessage, remote: string) => void) | undefined;
}

/** A server session on a socket. Made by `RtmpServer`, one for each connection. */
export class ServerConnection {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #options: ServerConnectionOptions;
  readonly #session: ServerSession;
  readonly #writer: SocketWriter;
  readonly #gate: ReadGate;
  readonly #rate: RateLimit;
  readonly #remote: string;
  readonly #streams: ServedStreams;
  readonly #watch: PeerWatch;
  #closeTimer: NodeJS.Timeout | undefined;
  #closing = false;
  #error: RtmpError | undefined;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { maxMessageBytes, maxChunkStreams, maxBytesPerSecond, stallMs } = options.limits;
    const remote = `${socket.remoteAddress ?? 'unknown'} port ${socket.remotePort ?? 0}`;
    this.#remote = remote;
    const { onMessage } = options;
    this.#session = new ServerSession({
      onMessage: onMessage && traceMessages((message) => onMessage(message, remote)),
      limits: { maxMessageBytes, maxChunkStreams, maxPendingBytes: 2 * maxMessageBytes },
      digests: nodeDigests,
      ...(options.capabilities && { capabilities: options.capabilities }),
    });
    this.#writer = new SocketWriter(socket, { stallMs, limit: this.#session.outputLimit });
    this.#gate = new ReadGate(socket);
    const now = performance.now();
    this.#rate = new RateLimit(maxBytesPerSecond, now);
    this.#watch = new PeerWatch(options.limits, now);
    this.#streams = new ServedStreams({
      ...{ session: this.#session, writer: this.#writer, gate: this.#gate, remote: this.#remote },
      ...{ handlers: options.handlers, shared: options.shared },
      flush: () => this.#flush(),
      fail: (error) => this.#fail(error),
      failure: () => this.#error,
      onLeft: () => this.#watch.left(performance.now()),
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#onClose();
        resolve();
      });
    });
    socket
      .on('data', (bytes: Buffer) => this.#onData(plainBytes(bytes)))
      .on('error', (error: Error) => this.#fail(networkError(error, this.#session.phase)));
  }

  /** Whether it publishes or plays, or wants to. */
  get isUsed(): boolean {
    return this.#streams.activity.size > 0;
  }

  /** To be called now and then: looks after peers that have gone silent, and those whose time is over. */
  check(): void {
    const now = performance.now();
    // Who is not read from cannot be heard.
    if (this.#gate.isHeld) {
      this.#watch.resetSilence(now);
      this.#streams.resetSilence(now);
    }
    const { activity } = this.#streams;
    const action = this.#watch.check(now, activity);
    if (action === undefined) return;
    if (action.type === 'timeout') {
      const phase = activity.size > 0 ? 'streaming' : this.#session.phase;
      this.#fail(new RtmpError('timeout', phase, action.reason));
    } else {
      this.#session.ping(Math.round(now));
      this.#flush();
    }
  }

  /** @returns false when the client cannot do that. */
  requestReconnect(tcUrl: string | undefined, description: string): boolean {
    const asked = this.#session.requestReconnect(tcUrl, description);
    this.#flush();
    return asked;
  }

  /** Tells players that the stream is over, then ends the connection; by a second later at the latest. */
  async close(): Promise<void> {
    this.#streams.endPlaybacks();
    this.#end();
    await this.closed;
  }

  #onData(bytes: Uint8Array): void {
    const now = performance.now();
    this.#watch.heard(now);
    this.#handleAll(this.#session.receive(bytes));
    this.#flush();
    this.#gate.holdWhileBehind();
    const waitMs = this.#rate.consume(bytes.length, now);
    if (waitMs > 0 && !this.#socket.destroyed) this.#gate.holdFor(waitMs);
  }

  #handleAll(events: readonly ServerSessionEvent[]): void {
    for (const event of events) this.#handle(event);
  }

  #handle(event: ServerSessionEvent): void {
    switch (event.type) {
      case 'connect':
        void this.#onConnect(event.request);
        return;
      case 'failed':
        this.#fail(event.error);
        return;
      case 'pong':
        return;
      default:
        this.#streams.handle(event, this.#watch.lastHeard);
    }
  }

  async #onConnect(request: ConnectRequest): Promise<void> {
    const { capabilities } = request;
    const { admission } = this.#options;
    if (admission.isOpen) {
      this.#streams.peer = { user: undefined, capabilities };
      this.#handleAll(this.#session.acceptConnect());
      return;
    }
    this.#gate.hold();
    this.#onAdmission(await admission.decide(request, this.#remote), capabilities);
    this.#gate.release();
  }

  #onAdmission(admission: Admission, capabilities: Capabilities): void {
    if (this.#error !== undefined || this.#closing) return;
    switch (admission.type) {
      case 'accepted':
        this.#streams.peer = { user: admission.user, capabilities };
        this.#handleAll(this.#session.acceptConnect());
        this.#flush();
        return;
      case 'rejected':
        this.#session.rejectConnect(admission.rejection);
        this.#end();
        return;
      case 'failed':
        this.#session.rejectConnect({ description: 'The server failed.' });
        this.#options.handlers.onError?.(admission.error, this.#remote);
        this.#end();
    }
  }

  #flush(): void {
    void this.#writer.write(this.#session.drainOutput());
  }

  /** Sends what is queued and ends the connection, for which a peer has a second. */
  #end(): void {
    this.#closing = true;
    this.#flush();
    this.#socket.end();
    this.#closeTimer ??= setTimeout(() => this.#socket.destroy(), closeMs);
  }

  #fail(error: RtmpError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    if (!this.#closing) this.#options.handlers.onError?.(error, this.#remote);
    this.#socket.destroy();
  }

  #onClose(): void {
    this.#gate.stop();
    clearTimeout(this.#closeTimer);
    const error = this.#error;
    this.#error ??= new RtmpError('closed', 'streaming', 'it disconnected');
    this.#writer.fail(this.#error);
    // A player may leave without a word; of a publisher it is not in order.
    this.#streams.endAll((type) => (this.#closing || type === 'playback' ? error : this.#error));
  }
}
