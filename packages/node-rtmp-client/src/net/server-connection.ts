import type { Socket } from 'node:net';
import type { FlvItem } from '../flv/flv-item.js';
import { noCapabilities, type Capabilities } from '../session/capabilities.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { ConnectRequest, PlayRequest, PublishRequest } from '../session/server-requests.js';
import { ServerSession } from '../session/server-session.js';
import type { ServerSessionEvent } from '../session/server-session-event.js';
import { ActiveStreams, type ActiveStream } from './active-streams.js';
import { ItemQueue } from './item-queue.js';
import { networkError } from './network-error.js';
import { nodeDigests } from './node-digests.js';
import { PeerWatch } from './peer-watch.js';
import { plainBytes } from './plain-bytes.js';
import { RateLimit } from './rate-limit.js';
import { ReadGate } from './read-gate.js';
import type { RtmpPlayback } from './rtmp-playback.js';
import type { RtmpPublication, RtmpServerStream } from './rtmp-publication.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';
import type { RtmpServerLimits } from './rtmp-server-limits.js';
import type { Admission, ServerAdmission } from './server-admission.js';
import { SocketWriter } from './socket-writer.js';

const closeMs = 1_000;

export interface ServerConnectionOptions {
  readonly handlers: RtmpServerHandlers;
  readonly admission: ServerAdmission;
  readonly limits: Required<RtmpServerLimits>;
  readonly capabilities?: Capabilities | undefined;
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
  readonly #streams = new ActiveStreams();
  readonly #watch: PeerWatch;
  #user: string | undefined;
  #capabilities = noCapabilities;
  #closeTimer: NodeJS.Timeout | undefined;
  #closing = false;
  #error: RtmpError | undefined;

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { maxMessageBytes, maxChunkStreams, maxBytesPerSecond, stallMs } = options.limits;
    this.#session = new ServerSession({
      limits: { maxMessageBytes, maxChunkStreams, maxPendingBytes: 2 * maxMessageBytes },
      digests: nodeDigests,
      ...(options.capabilities && { capabilities: options.capabilities }),
    });
    this.#remote = `${socket.remoteAddress ?? 'unknown'} port ${socket.remotePort ?? 0}`;
    this.#writer = new SocketWriter(socket, { stallMs, limit: this.#session.outputLimit });
    this.#gate = new ReadGate(socket);
    const now = performance.now();
    this.#rate = new RateLimit(maxBytesPerSecond, now);
    this.#watch = new PeerWatch(options.limits, now);
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

  /** To be called now and then: looks after peers that have gone silent, and those whose time is over. */
  check(): void {
    const now = performance.now();
    // Who is not read from cannot be heard.
    if (this.#gate.isHeld) {
      this.#watch.heard(now);
      this.#streams.hear(now);
    }
    const { size, quietest } = this.#streams;
    const verdict = this.#watch.check(now, size > 0, quietest);
    if (verdict === undefined) return;
    if (verdict.type === 'timeout') {
      const phase = size > 0 ? 'streaming' : this.#session.phase;
      this.#fail(new RtmpError('timeout', phase, verdict.reason));
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
    for (const { request } of this.#streams.all()) this.#session.endPlayback(request);
    this.#end();
    await this.closed;
  }

  #onData(bytes: Uint8Array): void {
    const now = performance.now();
    this.#watch.heard(now);
    this.#handleAll(this.#session.receive(bytes));
    this.#flush();
    this.#gate.holdWhileBehind();
    const waitMs = this.#rate.take(bytes.length, now);
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
      case 'publish':
        this.#onPublish(event.request);
        return;
      case 'play':
        this.#onPlay(event.request);
        return;
      case 'item': {
        const stream = this.#streams.at(event.streamId);
        if (stream === undefined) return;
        stream.lastItem = this.#watch.lastHeard;
        if (stream.onItem === undefined) stream.items?.push(event.item);
        else this.#handOver(event.item, stream.onItem);
        return;
      }
      case 'pause':
        this.#guard(() =>
          this.#streams.at(event.streamId)?.control.onPause?.(event.paused, event.milliseconds),
        );
        return;
      case 'seek': {
        const onSeek = this.#streams.at(event.streamId)?.control.onSeek;
        this.#session.answerSeek(event, onSeek !== undefined);
        this.#guard(() => onSeek?.(event.milliseconds));
        return;
      }
      case 'stream-closed':
        this.#leave(this.#streams.at(event.streamId), undefined);
        return;
      case 'failed':
        this.#fail(event.error);
        return;
      case 'pong':
        return;
    }
  }

  async #onConnect(request: ConnectRequest): Promise<void> {
    this.#capabilities = request.capabilities;
    const { admission } = this.#options;
    if (admission.isOpen) {
      this.#handleAll(this.#session.acceptConnect());
      return;
    }
    this.#gate.hold();
    this.#onAdmission(await admission.decide(request, this.#remote));
    this.#gate.release();
  }

  #onAdmission(admission: Admission): void {
    if (this.#error !== undefined || this.#closing) return;
    switch (admission.type) {
      case 'accepted':
        this.#user = admission.user;
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

  #onPublish(request: PublishRequest): void {
    const items = new ItemQueue(this.#gate);
    const publication: RtmpPublication = {
      ...this.#begin(request, items),
      mode: request.mode,
      items,
      accept: (onItem) => {
        const stream = this.#streams.of(request);
        if (stream) stream.onItem = onItem;
        this.#session.accept(request);
        this.#flush();
        if (stream === undefined || onItem === undefined) return;
        for (const item of items.takeAll()) this.#handOver(item, onItem);
      },
      end: (code, description) => {
        this.#session.endPublication(request, code, description);
        this.#flush();
        this.#leave(this.#streams.of(request), undefined);
      },
    };
    const { onPublish } = this.#options.handlers;
    this.#ask(publication, 'NetStream.Publish.Denied', onPublish && (() => onPublish(publication)));
  }

  #onPlay(request: PlayRequest): void {
    const writer = this.#writer;
    const playback: RtmpPlayback = {
      ...this.#begin(request, undefined),
      start: request.start,
      duration: request.duration,
      get bytesQueued() {
        return writer.bytesQueued;
      },
      accept: (control = {}) => {
        const stream = this.#streams.of(request);
        if (stream) stream.control = control;
        this.#session.accept(request, { pausedByOwner: control.onPause !== undefined });
        this.#flush();
      },
      write: (item) => this.#writeItems(request, [item]),
      writeAll: (items) => this.#writeItems(request, items),
      end: () => {
        this.#session.endPlayback(request);
        this.#flush();
        this.#leave(this.#streams.of(request), undefined);
      },
    };
    const { onPlay } = this.#options.handlers;
    this.#ask(playback, 'NetStream.Play.Failed', onPlay && (() => onPlay(playback)));
  }

  /** What publications and playbacks have in common. */
  #begin(request: PublishRequest | PlayRequest, items: ItemQueue | undefined): RtmpServerStream {
    const { app, streamName, query } = request;
    const closed = this.#streams.begin(request, items, performance.now());
    return {
      ...{ app, streamName, query, remote: this.#remote, closed },
      ...{ user: this.#user, capabilities: this.#capabilities },
      reject: (code, description) => {
        this.#session.reject(request, code, description);
        this.#flush();
        this.#leave(this.#streams.of(request), undefined);
      },
      abort: () => this.#fail(new RtmpError('aborted', this.#session.phase, 'dropped from here')),
    };
  }

  /** Leaves the decision to the handler; one that fails, or is not there, rejects. */
  #ask(
    stream: Pick<RtmpServerStream, 'reject'>,
    rejection: string,
    handle: (() => void | Promise<void>) | undefined,
  ): void {
    if (handle === undefined) {
      stream.reject(rejection, 'Not possible here.');
      return;
    }
    void (async () => {
      try {
        await handle();
      } catch (cause) {
        stream.reject(rejection, 'The server failed.');
        this.#failHandler(cause);
      }
    })();
  }

  #handOver(item: FlvItem, onItem: (item: FlvItem) => void): void {
    try {
      onItem(item);
    } catch (cause) {
      this.#failHandler(cause);
    }
  }

  #guard(handle: () => void): void {
    try {
      handle();
    } catch (cause) {
      this.#failHandler(cause);
    }
  }

  #failHandler(cause: unknown): void {
    this.#fail(new RtmpError('aborted', 'streaming', 'its handler failed', {}, { cause }));
  }

  #writeItems(request: PlayRequest, items: readonly FlvItem[]): Promise<void> {
    if (this.#streams.of(request) === undefined || this.#error !== undefined) {
      return Promise.reject(this.#error ?? new RtmpError('closed', 'streaming', 'it has left'));
    }
    for (const item of items) this.#session.writeItem(request, item);
    return this.#writer.write(this.#session.takeOutput());
  }

  #flush(): void {
    void this.#writer.write(this.#session.takeOutput());
  }

  #leave(stream: ActiveStream | undefined, error: RtmpError | undefined): void {
    if (stream === undefined) return;
    this.#watch.left(performance.now());
    this.#streams.end(stream, error);
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
    for (const stream of this.#streams.all()) {
      // A player may leave without a word; of a publisher it is not in order.
      const isOrderly = this.#closing || stream.items === undefined;
      this.#leave(stream, isOrderly ? error : this.#error);
    }
  }
}
