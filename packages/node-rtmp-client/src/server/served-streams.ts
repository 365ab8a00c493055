import type { FlvItem } from '../flv/flv-item.js';
import { ItemQueue } from '../net/item-queue.js';
import type { ReadGate } from '../net/read-gate.js';
import type { SocketWriter } from '../net/socket-writer.js';
import { noCapabilities, type Capabilities } from '../session/capabilities.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { PlayRequest, PublishRequest } from '../session/server-requests.js';
import type { ServerSessionEvent } from '../session/server-session-event.js';
import type { ServerSession } from '../session/server-session.js';
import type { SharedChunks } from '../session/shared-chunks.js';
import { ActiveStreams, type ActiveStream } from './active-streams.js';
import type { StreamActivity } from './peer-watch.js';
import type { RtmpIngest, RtmpServerStream } from './rtmp-ingest.js';
import type { RtmpPlayback } from './rtmp-playback.js';
import type { RtmpServerHandlers } from './rtmp-server-handlers.js';

/** What they need of the connection that they are on. */
export interface ServedStreamsOptions {
  readonly session: ServerSession;
  readonly writer: SocketWriter;
  readonly gate: ReadGate;
  readonly handlers: RtmpServerHandlers;
  readonly remote: string;
  /** What the players of the server get alike. */
  readonly shared: SharedChunks;
  /** Sends what the session has to say. */
  readonly flush: () => void;
  /** Ends the connection. */
  readonly fail: (error: RtmpError) => void;
  /** Why the connection has ended; undefined while it has not. */
  readonly failure: () => RtmpError | undefined;
  /** A stream has ended; the connection goes on. */
  readonly onLeft: () => void;
}

type StreamEvent = Extract<
  ServerSessionEvent,
  { type: 'publish' | 'play' | 'item' | 'pause' | 'seek' | 'stream-closed' }
>;

/** The ingests and playbacks of one connection: puts them before the server's owner and does what the owner says. */
export class ServedStreams {
  readonly #options: ServedStreamsOptions;
  readonly #active = new ActiveStreams();
  /** Who asks, as soon as that is known. */
  peer: { readonly user: string | undefined; readonly capabilities: Capabilities } = {
    user: undefined,
    capabilities: noCapabilities,
  };

  constructor(options: ServedStreamsOptions) {
    this.#options = options;
  }

  /** How many there are and since when they wait for what. */
  get activity(): StreamActivity {
    return this.#active;
  }

  /** Nobody could be heard until now. */
  resetSilence(now: number): void {
    this.#active.hear(now);
  }

  /** @param now when it came. */
  handle(event: StreamEvent, now: number): void {
    switch (event.type) {
      case 'publish':
        this.#onPublish(event.request);
        return;
      case 'play':
        this.#onPlay(event.request);
        return;
      case 'item': {
        const stream = this.#active.at(event.streamId);
        if (stream === undefined) return;
        stream.lastItem = now;
        if (stream.onItem === undefined) stream.items?.push(event.item);
        else this.#handOver(event.item, stream.onItem);
        return;
      }
      case 'pause':
        this.#guard(() =>
          this.#active.at(event.streamId)?.control.onPause?.(event.paused, event.milliseconds),
        );
        return;
      case 'seek': {
        const onSeek = this.#active.at(event.streamId)?.control.onSeek;
        this.#options.session.answerSeek(event, onSeek !== undefined);
        this.#guard(() => onSeek?.(event.milliseconds));
        return;
      }
      case 'stream-closed':
        this.#leave(this.#active.at(event.streamId), undefined);
    }
  }

  /** Tells players that the stream is over. */
  endPlaybacks(): void {
    for (const { request } of this.#active.all()) this.#options.session.endPlayback(request);
  }

  /** The connection has ended. @param reasonFor why, for an ingest or a playback; undefined when in order. */
  endAll(reasonFor: (type: 'ingest' | 'playback') => RtmpError | undefined): void {
    for (const stream of this.#active.all()) {
      this.#leave(stream, reasonFor(stream.items === undefined ? 'playback' : 'ingest'));
    }
  }

  #onPublish(request: PublishRequest): void {
    const { session, flush, gate, handlers } = this.#options;
    const items = new ItemQueue(gate);
    const ingest: RtmpIngest = {
      ...this.#begin(request, items),
      mode: request.mode,
      items,
      accept: (onItem) => {
        const stream = this.#decided(request);
        if (stream) stream.onItem = onItem;
        session.accept(request);
        flush();
        if (stream === undefined || onItem === undefined) return;
        for (const item of items.drain()) this.#handOver(item, onItem);
      },
      end: (code, description) => {
        session.endIngest(request, code, description);
        flush();
        this.#leave(this.#active.of(request), undefined);
      },
    };
    const { onPublish } = handlers;
    this.#ask(ingest, 'NetStream.Publish.Denied', onPublish && (() => onPublish(ingest)));
  }

  #onPlay(request: PlayRequest): void {
    const { session, flush, writer, handlers } = this.#options;
    const playback: RtmpPlayback = {
      ...this.#begin(request, undefined),
      start: request.start,
      duration: request.duration,
      get bytesQueued() {
        return writer.bytesQueued;
      },
      accept: (control = {}) => {
        const stream = this.#decided(request);
        if (stream) stream.control = control;
        session.accept(request, { pausedByOwner: control.onPause !== undefined });
        flush();
      },
      write: (item) => this.#writeItems(request, [item]),
      writeAll: (items) => this.#writeItems(request, items),
      end: () => {
        session.endPlayback(request);
        flush();
        this.#leave(this.#active.of(request), undefined);
      },
    };
    const { onPlay } = handlers;
    this.#ask(playback, 'NetStream.Play.Failed', onPlay && (() => onPlay(playback)));
  }

  /** What ingests and playbacks have in common. */
  #begin(request: PublishRequest | PlayRequest, items: ItemQueue | undefined): RtmpServerStream {
    const { session, flush, fail, remote } = this.#options;
    const { app, streamName, query } = request;
    const closed = this.#active.begin(request, items, performance.now());
    return {
      ...{ app, streamName, query, remote, closed, ...this.peer },
      reject: (code, description) => {
        session.reject(request, code, description);
        flush();
        this.#leave(this.#active.of(request), undefined);
      },
      abort: () => fail(new RtmpError('aborted', session.phase, 'dropped from here')),
    };
  }

  #decided(request: ActiveStream['request']): ActiveStream | undefined {
    const stream = this.#active.of(request);
    if (stream) stream.askedAt = undefined;
    return stream;
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
    const reason = 'its handler failed';
    this.#options.fail(new RtmpError('aborted', 'streaming', reason, {}, { cause }));
  }

  #writeItems(request: PlayRequest, items: readonly FlvItem[]): Promise<void> {
    const { session, writer, failure } = this.#options;
    const error = failure();
    if (this.#active.of(request) === undefined || error !== undefined) {
      return Promise.reject(error ?? new RtmpError('closed', 'streaming', 'it has left'));
    }
    session.writeItems(request, items, this.#options.shared);
    return writer.write(session.drainOutput());
  }

  #leave(stream: ActiveStream | undefined, error: RtmpError | undefined): void {
    if (stream === undefined) return;
    this.#options.onLeft();
    this.#active.end(stream, error);
  }
}
