import type { Socket } from 'node:net';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { RtmpError } from '../session/rtmp-error.js';
import {
  ServerSession,
  type ServerSessionEvent,
  type StreamRequest,
} from '../session/server-session.js';
import { ItemQueue } from './item-queue.js';
import { networkError } from './network-error.js';
import type { RtmpPlayback } from './rtmp-playback.js';
import type { RtmpPublication } from './rtmp-publication.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';
import { plainBytes } from './plain-bytes.js';
import { ReadGate } from './read-gate.js';
import { SocketWriter } from './socket-writer.js';

/** A peer that neither publishes nor plays for so long is shown the door. */
const settleMs = 15_000;
/** A peer that has been silent for so long is asked whether it is there. */
const pingAfterMs = 20_000;
const silenceMs = 60_000;
const stallMs = 30_000;
const closeMs = 1_000;

/** A publication or a playback, as far as the connection must know it. */
interface ActiveStream {
  readonly request: StreamRequest;
  readonly items: ItemQueue | undefined;
  readonly settle: (error: RtmpError | undefined) => void;
}

/** A server session on a socket. Made by `RtmpServer`, one for each connection. */
export class ServerConnection {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #session = new ServerSession();
  readonly #writer: SocketWriter;
  readonly #gate: ReadGate;
  readonly #handlers: RtmpServerHandlers;
  readonly #remote: string;
  readonly #streams = new Map<number, ActiveStream>();
  /** Since when it has neither published nor played. */
  #idleSince = performance.now();
  #lastHeard = performance.now();
  #pinged = false;
  #closing = false;
  #error: RtmpError | undefined;

  constructor(socket: Socket, handlers: RtmpServerHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#remote = `${socket.remoteAddress ?? 'unknown'} port ${socket.remotePort ?? 0}`;
    this.#writer = new SocketWriter(socket, stallMs);
    this.#gate = new ReadGate(socket);
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

  /** To be called every few seconds: looks after peers that have gone silent. */
  check(): void {
    const now = performance.now();
    const silent = now - this.#lastHeard;
    if (this.#streams.size === 0 && now - this.#idleSince > settleMs) {
      this.#fail(new RtmpError('timeout', this.#session.phase, 'it neither published nor played'));
    } else if (silent > silenceMs) {
      this.#fail(new RtmpError('timeout', 'streaming', 'it has gone silent'));
    } else if (silent > pingAfterMs && !this.#pinged && this.#streams.size > 0) {
      this.#pinged = true;
      this.#session.ping(Math.round(now));
      this.#flush();
    }
  }

  /** Tells players that the stream is over, then ends the connection; by a second later at the latest. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { request } of this.#streams.values()) this.#session.endPlayback(request);
    this.#flush();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), closeMs);
    await this.closed;
    clearTimeout(timer);
  }

  #onData(bytes: Uint8Array): void {
    this.#lastHeard = performance.now();
    this.#pinged = false;
    const events = this.#session.receive(bytes);
    for (const event of events) this.#handle(event);
    this.#flush();
    this.#gate.holdWhileBehind();
  }

  #handle(event: ServerSessionEvent): void {
    switch (event.type) {
      case 'publish':
        this.#onPublish(event.request);
        return;
      case 'play':
        this.#onPlay(event.request);
        return;
      case 'item':
        this.#streams.get(event.streamId)?.items?.push(event.item);
        return;
      case 'stream-closed':
        this.#leave(this.#streams.get(event.streamId), undefined);
        return;
      case 'failed':
        this.#fail(event.error);
        return;
      case 'connected':
      case 'pong':
        return;
    }
  }

  #onPublish(request: StreamRequest): void {
    const items = new ItemQueue(this.#gate);
    const publication: RtmpPublication = { ...this.#begin(request, items), items };
    const { onPublish } = this.#handlers;
    this.#ask(publication, 'NetStream.Publish.Denied', onPublish && (() => onPublish(publication)));
  }

  #onPlay(request: StreamRequest): void {
    const writer = this.#writer;
    const playback: RtmpPlayback = {
      ...this.#begin(request, undefined),
      get bytesQueued() {
        return writer.bytesQueued;
      },
      write: (item) => this.#writeItem(request, item),
      end: () => {
        this.#session.endPlayback(request);
        this.#flush();
        this.#leave(this.#streamOf(request), undefined);
      },
    };
    const { onPlay } = this.#handlers;
    this.#ask(playback, 'NetStream.Play.Failed', onPlay && (() => onPlay(playback)));
  }

  /** What publications and playbacks have in common. */
  #begin(request: StreamRequest, items: ItemQueue | undefined): Omit<RtmpPublication, 'items'> {
    const { streamId, app, streamName, query } = request;
    let settle: ActiveStream['settle'] = () => undefined;
    const closed = new Promise<RtmpError | undefined>((resolve) => {
      settle = resolve;
    });
    this.#streams.set(streamId, { request, items, settle });
    return {
      app,
      streamName,
      query,
      remote: this.#remote,
      closed,
      accept: () => {
        this.#session.accept(request);
        this.#flush();
      },
      reject: (code, description) => {
        this.#session.reject(request, code, description);
        this.#flush();
        this.#leave(this.#streamOf(request), undefined);
      },
      abort: () => this.#fail(new RtmpError('aborted', this.#session.phase, 'dropped from here')),
    };
  }

  /** Leaves the decision to the handler; one that fails, or is not there, rejects. */
  #ask(
    stream: Pick<RtmpPublication, 'reject'>,
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
        this.#fail(new RtmpError('aborted', 'streaming', 'its handler failed', {}, { cause }));
      }
    })();
  }

  #writeItem(request: StreamRequest, item: FlvItem): Promise<void> {
    if (this.#streamOf(request) === undefined || this.#error !== undefined) {
      return Promise.reject(this.#error ?? new RtmpError('closed', 'streaming', 'it has left'));
    }
    this.#session.writeItem(request, item);
    return this.#writer.write(this.#session.takeOutput());
  }

  #flush(): void {
    void this.#writer.write(this.#session.takeOutput());
  }

  /** Undefined once the peer has left it, also when it has begun another with the same id. */
  #streamOf(request: StreamRequest): ActiveStream | undefined {
    const stream = this.#streams.get(request.streamId);
    return stream?.request === request ? stream : undefined;
  }

  #leave(stream: ActiveStream | undefined, error: RtmpError | undefined): void {
    if (stream === undefined) return;
    this.#streams.delete(stream.request.streamId);
    this.#idleSince = performance.now();
    stream.items?.end();
    stream.settle(error);
  }

  #fail(error: RtmpError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    if (!this.#closing) this.#handlers.onError?.(error, this.#remote);
    this.#socket.destroy();
  }

  #onClose(): void {
    const error = this.#error;
    this.#error ??= new RtmpError('closed', 'streaming', 'it disconnected');
    this.#writer.fail(this.#error);
    for (const stream of this.#streams.values()) {
      // A player may leave without a word; of a publisher it is not in order.
      const isOrderly = this.#closing || stream.items === undefined;
      this.#leave(stream, isOrderly ? error : this.#error);
    }
  }
}
