import { withResolvers } from '../async/with-resolvers.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { MediaPacket } from '../flv/opaque-packet.js';
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
import { Relocation } from './relocation.js';

const nothingSent: ConnectionStats = { bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 };

/** Once the old connection has ended, the new one waits so long for a keyframe. */
const holdMs = 10_000;
/** An unanswered ping does not keep us for ever from leaving: some servers never answer. */
const drainTries = 3;

/** By track. */
export interface FramesDropped {
  readonly video: number;
  readonly audio: number;
}

export interface RelocatingPublisherOptions {
  readonly link: PublisherLink;
  /** How it was opened, where its connection is its own; undefined where it is shared, and cannot move. */
  readonly opened: PublishOptions | undefined;
  /** What a new server must be told first, as of a time in microseconds. */
  readonly headers: (dts: number) => readonly FlvItem[];
}

/** A published stream that goes over one connection and, when the server asks for it, over another. */
export class RelocatingPublisher {
  /** Settles when the stream is over: with undefined after `close`, else with the reason. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #closed = withResolvers<RtmpError | undefined>();
  readonly #opened: PublishOptions | undefined;
  readonly #headers: RelocatingPublisherOptions['headers'];
  readonly #relocation: Relocation<ClientConnection>;
  #link: PublisherLink;
  /** What went over connections that have been left. */
  #earlier = nothingSent;
  #isEnding = false;
  /** While one connection takes over from the other, the end of the old one is not the end of the stream. */
  #isMoving = false;
  #drainsTried = 0;
  #framesDropped: FramesDropped = { video: 0, audio: 0 };
  /** Whether the caller knows that it is held. */
  #isHeldTold = false;
  /** From the end of the old connection to the keyframe from which the new one goes on. */
  #hold: { readonly timer: NodeJS.Timeout; readonly reason: RtmpError | undefined } | undefined;

  constructor({ link, opened, headers }: RelocatingPublisherOptions) {
    this.#link = link;
    this.#opened = opened;
    this.#headers = headers;
    this.closed = this.#closed.promise;
    this.#relocation = new Relocation({
      onReady: () => (this.#drainsTried = 0),
      onFailed: (error) => {
        if (this.#hold === undefined) this.#tellFailure(error);
        else void this.#end(this.#hold.reason);
      },
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
    return this.#relocation.destination !== undefined;
  }

  /**
   * True while there is nowhere to write to: the old connection has ended, and the new one is not there yet, or waits
   * for a keyframe.
   */
  get isHeld(): boolean {
    const hasFailed = this.#link.connection.error !== undefined;
    return this.#hold !== undefined || (this.#relocation.isUnderWay && hasFailed);
  }

  /** True while it rests on its way to another server: what is written waits, or is thrown away. */
  get isMoving(): boolean {
    return this.#isMoving || this.isHeld;
  }

  /** @throws RtmpError when the stream is over. */
  stream(): ClientStream {
    const { connection, open } = this.#link;
    const error = open.error ?? connection.error;
    if (error !== undefined) throw error;
    if (open.isOver) throw new RtmpError('closed', 'close', 'it was closed from here');
    return open.stream;
  }

  /** Frames that were thrown away while it was held. */
  get framesDropped(): FramesDropped {
    return this.#framesDropped;
  }

  /** Says that something was thrown away; to be called while it is held. */
  drop(packets: readonly MediaPacket[]): void {
    this.#tellHeld(this.#link.open.error ?? this.#link.connection.error);
    const count = (wanted: MediaPacket['track']): number =>
      packets.filter(({ track, type }) => track === wanted && type === 'frame').length;
    const { video, audio } = this.#framesDropped;
    this.#framesDropped = { video: video + count('video'), audio: audio + count('audio') };
  }

  async close(deadlineMs: number | undefined): Promise<void> {
    const { isHeld } = this;
    this.#relocation.stop();
    const { connection, open } = this.#link;
    if (isHeld) await this.#end(undefined, deadlineMs);
    else if (this.#opened === undefined) await connection.leave(open, deadlineMs);
    else await connection.close(deadlineMs);
  }

  abort(): void {
    const { isHeld } = this;
    this.#relocation.stop();
    const { connection, open } = this.#link;
    if (isHeld) void this.#end(new RtmpError('aborted', 'streaming', 'aborted from here'));
    else if (this.#opened === undefined) void connection.leave(open);
    else connection.abort();
  }

  /**
   * Goes on over the other connection if it can do so without stalling; else stays, for now or for good. To be called
   * at a keyframe of `dts`.
   *
   * @throws RtmpError when it can neither go nor stay.
   */
  async move(dts: number): Promise<void> {
    const [options, old] = [this.#opened, this.#link];
    const { signal, destination: next } = this.#relocation;
    if (options === undefined || next === undefined) return;
    let failure: RtmpError | undefined;
    this.#isMoving = true;
    try {
      const isLastTry = this.#drainsTried === drainTries - 1;
      const drained = await hasDrained(old, signal);
      if (drained === 'unanswered') this.#drainsTried++;
      if (drained === 'queued' || (drained === 'unanswered' && !isLastTry)) return;
      // It may have ended meanwhile.
      if (this.#relocation.destination !== next) return;
      this.#relocation.release();
      const headers = this.#headers(dts);
      const link = await publishElsewhere(options, old, next, headers, signal);
      if (signal.aborted) {
        next.abort();
        return;
      }
      this.#switchTo(link);
      options.onEvent?.({ type: 'moved', shownUrl: link.connection.shownUrl });
      if (this.#isHeldTold) options.onEvent?.({ type: 'resumed' });
      this.#isHeldTold = false;
      void old.connection.close();
    } catch (error) {
      if (error instanceof RtmpError && !signal.aborted) failure = error;
      await this.#stay(options, old, dts);
      this.#relocation.failed();
      this.#tellFailure(error);
    } finally {
      this.#isMoving = false;
      if (this.#link === old && old.open.isOver) await this.#onOver(old.open.error ?? failure);
    }
  }

  #switchTo(link: PublisherLink): void {
    const { bytesSent, bytesAcknowledged } = this.stats;
    this.#earlier = { bytesSent, bytesAcknowledged, bytesQueued: 0 };
    this.#stopHolding();
    this.#relocation.moved();
    this.#link = link;
    this.#attend(link);
  }

  /** The old connection may still stand when its stream was left to make room for the new one. */
  async #stay(options: PublishOptions, old: PublisherLink, dts: number): Promise<void> {
    const { signal } = this.#relocation;
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
    const options = this.#opened;
    if (options === undefined || options.reconnect === 'ignore') return;
    connection.onReconnectRequest((tcUrl) => {
      if (link !== this.#link) return;
      this.#relocation.request((signal) => connectElsewhere(options, connection, tcUrl, signal));
    });
  }

  /** The stream has come to its end where it was. */
  async #onOver(error: RtmpError | undefined): Promise<void> {
    if (!this.#relocation.isUnderWay) {
      await this.#end(error);
      return;
    }
    this.#hold ??= { timer: setTimeout(() => void this.#end(error), holdMs), reason: error };
    this.#tellHeld(error);
  }

  async #end(error: RtmpError | undefined, deadlineMs?: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#relocation.stop();
    this.#stopHolding();
    const { connection } = this.#link;
    if (this.#opened !== undefined) {
      // The connection has no other purpose.
      if (error === undefined) await connection.close(deadlineMs);
      else connection.abort(error);
      await connection.closed;
    }
    this.#closed.resolve(error);
  }

  #stopHolding(): void {
    clearTimeout(this.#hold?.timer);
    this.#hold = undefined;
  }

  #tellHeld(error: RtmpError | undefined): void {
    if (this.#isHeldTold) return;
    this.#isHeldTold = true;
    this.#opened?.onEvent?.({ type: 'held', error });
  }

  #tellFailure(error: unknown): void {
    if (this.#relocation.signal.aborted || !(error instanceof Error)) return;
    this.#opened?.onEvent?.({ type: 'move-failed', error });
  }
}
