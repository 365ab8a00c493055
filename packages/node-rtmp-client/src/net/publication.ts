import type { FlvItem } from '../flv/flv-item.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection, ConnectionStats } from './client-connection.js';
import {
  connectElsewhere,
  hasDrained,
  publishAgain,
  publishElsewhere,
  type PublisherLink,
  type PublishOptions,
} from './publisher-link.js';

const nothingSent: ConnectionStats = { bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 };

/** Once the old connection has ended, the new one waits so long for a keyframe. */
const holdMs = 10_000;
/** An unanswered ping does not keep us for ever from leaving: some servers never answer. */
const drainTries = 3;
/** Two servers that point at each other must not have us run to and fro. */
const maxMovesPerMinute = 3;

export interface PublicationOptions {
  readonly link: PublisherLink;
  /** How it was opened, where its connection is its own; undefined where it is shared, and cannot move. */
  readonly opened: PublishOptions | undefined;
  /** What a new server must be told first, as of a time in microseconds. */
  readonly headers: (dts: number) => readonly FlvItem[];
}

/** What is published, while it goes over one connection and, when the server wishes so, over another. */
export class Publication {
  /** Settles when the stream is over: with undefined after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #opened: PublishOptions | undefined;
  readonly #headers: PublicationOptions['headers'];
  readonly #over = new AbortController();
  #link: PublisherLink;
  /** What went over connections that have been left. */
  #earlier = nothingSent;
  #settleClosed: (error: RtmpError | undefined) => void = () => undefined;
  /** From a server's wish that we go until we have gone, or could not. */
  #isPreparing = false;
  #isEnding = false;
  /** While one connection takes over from the other, the end of the old one is not the end of the stream. */
  #isMoving = false;
  /** Where the stream goes on from the next keyframe. */
  #next: ClientConnection | undefined;
  #drainsTried = 0;
  /** When it moved, of late. */
  #moves: number[] = [];
  /** Runs from the end of the old connection to the keyframe from which the new one goes on. */
  #holdTimer: NodeJS.Timeout | undefined;

  constructor({ link, opened, headers }: PublicationOptions) {
    this.#link = link;
    this.#opened = opened;
    this.#headers = headers;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#attend(link);
  }

  /** Of all the connections that the stream has gone over. */
  get stats(): ConnectionStats {
    const { bytesSent, bytesAcknowledged, bytesQueued } = this.#link.connection.stats;
    return {
      bytesSent: this.#earlier.bytesSent + bytesSent,
      bytesAcknowledged: this.#earlier.bytesAcknowledged + bytesAcknowledged,
      bytesQueued,
    };
  }

  get connection(): ClientConnection {
    return this.#link.connection;
  }

  /** Whether it moves at the next place for it. */
  get isAboutToMove(): boolean {
    return this.#next !== undefined;
  }

  /** True while there is nowhere to write to: the old connection has ended, and the new one waits for a keyframe. */
  get isHeld(): boolean {
    const hasFailed = this.#link.connection.error !== undefined;
    return this.#holdTimer !== undefined || (this.#next !== undefined && hasFailed);
  }

  /** @throws RtmpError when the stream is over. */
  stream(): ClientStream {
    const { connection, open } = this.#link;
    const error = open.error ?? connection.error;
    if (error !== undefined) throw error;
    if (open.isOver) throw new RtmpError('closed', 'close', 'it was closed from here');
    return open.stream;
  }

  async close(deadlineMs: number | undefined): Promise<void> {
    const { isHeld } = this;
    this.#stopMoving();
    const { connection, open } = this.#link;
    if (isHeld) await this.#end(undefined);
    else if (this.#opened === undefined) await connection.leave(open, deadlineMs);
    else await connection.close(deadlineMs);
  }

  abort(): void {
    const { isHeld } = this;
    this.#stopMoving();
    const { connection, open } = this.#link;
    if (isHeld) void this.#end(new RtmpError('aborted', 'streaming', 'aborted from here'));
    else if (this.#opened === undefined) void connection.leave(open);
    else connection.abort();
  }

  /**
   * Goes on over the other connection if it can do so without stalling; else stays, for now or for good. To be called at
   * a keyframe of `dts`.
   *
   * @throws RtmpError when it can neither go nor stay.
   */
  async move(dts: number): Promise<void> {
    const [options, next, old] = [this.#opened, this.#next, this.#link];
    const { signal } = this.#over;
    if (options === undefined || next === undefined) return;
    let failure: RtmpError | undefined;
    this.#isMoving = true;
    try {
      const isLastTry = this.#drainsTried === drainTries - 1;
      const drained = await hasDrained(old, signal);
      if (drained === 'unanswered') this.#drainsTried++;
      if (drained === 'queued' || (drained === 'unanswered' && !isLastTry)) return;
      // It may have ended meanwhile.
      if (this.#next !== next) return;
      this.#next = undefined;
      const headers = this.#headers(dts);
      const link = await publishElsewhere(options, old, next, headers, signal);
      if (signal.aborted) {
        next.abort();
        return;
      }
      this.#takeOver(link);
      options.onEvent?.({ type: 'moved', serverUrl: link.connection.shownUrl });
      void old.connection.close();
    } catch (error) {
      if (error instanceof RtmpError && !signal.aborted) failure = error;
      await this.#stay(options, old, dts);
      this.#moveFailed(error);
    } finally {
      this.#isMoving = false;
      if (this.#link === old && old.open.isOver) await this.#onOver(old.open.error ?? failure);
    }
  }

  #takeOver(link: PublisherLink): void {
    const { bytesSent, bytesAcknowledged } = this.stats;
    this.#earlier = { bytesSent, bytesAcknowledged, bytesQueued: 0 };
    this.#stopHolding();
    this.#moves.push(performance.now());
    this.#isPreparing = false;
    this.#link = link;
    this.#attend(link);
  }

  /** The old connection may still stand when its stream was left to make room for the new one. */
  async #stay(options: PublishOptions, old: PublisherLink, dts: number): Promise<void> {
    const { signal } = this.#over;
    if (!old.open.isOver || old.connection.error !== undefined || signal.aborted) return;
    try {
      const link = await publishAgain(options, old, this.#headers(dts), signal);
      this.#link = link;
      this.#attend(link);
    } catch {
      // Then the stream is over.
    }
  }

  /** Listens to what becomes of a connection while the stream goes over it. */
  #attend(link: PublisherLink): void {
    const { connection, open } = link;
    void open.closed.then(async (error) => {
      if (link === this.#link && !this.#isMoving) await this.#onOver(error);
    });
    if (this.#opened !== undefined && this.#opened.reconnect !== 'ignore') {
      connection.onReconnectRequest((tcUrl) => void this.#prepareMove(link, tcUrl));
    }
  }

  /** The stream has come to its end where it was. */
  async #onOver(error: RtmpError | undefined): Promise<void> {
    if (this.#over.signal.aborted || this.#next === undefined) {
      await this.#end(error);
      return;
    }
    this.#holdTimer ??= setTimeout(() => void this.#end(error), holdMs);
  }

  async #end(error: RtmpError | undefined): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#stopMoving();
    this.#stopHolding();
    const { connection } = this.#link;
    if (this.#opened !== undefined) {
      // The connection has no other purpose.
      if (error !== undefined) connection.abort(error);
      await connection.closed;
    }
    this.#settleClosed(error);
  }

  #stopHolding(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
  }

  #stopMoving(): void {
    this.#over.abort();
    this.#next?.abort();
    this.#next = undefined;
  }

  /** Gets ready to move while the stream goes on where it is. */
  async #prepareMove(
    link: PublisherLink,
    tcUrl: string | undefined,
    isAgain = false,
  ): Promise<void> {
    const options = this.#opened;
    const { signal } = this.#over;
    if (options === undefined || link !== this.#link || (this.#isPreparing && !isAgain)) return;
    this.#isPreparing = true;
    this.#drainsTried = 0;
    try {
      this.#checkMoves();
      const next = await connectElsewhere(options, link.connection, tcUrl, signal);
      if (signal.aborted) {
        next.abort();
        return;
      }
      this.#next = next;
      void next.closed.then(async (error) => {
        if (this.#next !== next) return;
        this.#next = undefined;
        if (this.isHeld) await this.#end(error);
        else if (isAgain) this.#moveFailed(error);
        else await this.#prepareMove(link, tcUrl, true);
      });
    } catch (error) {
      this.#moveFailed(error);
    }
  }

  #checkMoves(): void {
    const aMinuteAgo = performance.now() - 60_000;
    this.#moves = this.#moves.filter((time) => time > aMinuteAgo);
    if (this.#moves.length < maxMovesPerMinute) return;
    const words = `it was sent on ${maxMovesPerMinute} times within a minute`;
    throw new RtmpError('connect-rejected', 'connect', words);
  }

  #moveFailed(error: unknown): void {
    this.#isPreparing = false;
    if (this.#over.signal.aborted || !(error instanceof Error)) return;
    this.#opened?.onEvent?.({ type: 'move-failed', error });
  }
}
