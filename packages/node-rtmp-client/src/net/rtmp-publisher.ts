import type { AmfValue } from '../amf/amf-value.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';
import { StreamHeaders } from '../live/stream-headers.js';
import type { Capabilities } from '../session/capabilities.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { ConnectionStats } from './client-connection.js';
import {
  connectElsewhere,
  openPublication,
  publishElsewhere,
  type PublisherLink,
  type PublishOptions,
} from './publisher-link.js';

/**
 * Connects to a server and asks to publish; resolves once the server has said that publishing has started.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function publish(options: PublishOptions): Promise<RtmpPublisher> {
  return new RtmpPublisher(await openPublication(options), options);
}

const nothingSent: ConnectionStats = { bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 };

/** A stream that is being published. Get one from `publish` or `RtmpConnection.publish`. */
export class RtmpPublisher {
  /** Settles when the stream is over: with undefined after `close`, else with the reason. Never rejects. */
  readonly closed: Promise<RtmpError | undefined>;
  /** How it was opened, where its connection is its own; undefined where it is shared. */
  readonly #options: PublishOptions | undefined;
  readonly #headers = new StreamHeaders();
  readonly #over = new AbortController();
  #link: PublisherLink;
  /** What went over connections that have been left. */
  #earlier = nothingSent;
  #settleClosed: (error: RtmpError | undefined) => void = () => undefined;
  #hasVideo = false;
  /** From a server's wish that we go until we have gone, or could not. */
  #isPreparing = false;
  /** While one connection takes over from the other, the end of the old one is not the end of the stream. */
  #isMoving = false;
  /** Where the stream goes on from the next keyframe. */
  #next: PublisherLink['connection'] | undefined;
  /** While it moves, writes wait here for their turn. */
  #turns: Promise<void> | undefined;

  constructor(link: PublisherLink, options?: PublishOptions) {
    this.#link = link;
    this.#options = options;
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

  /** What the server declared in its answer to `connect`. */
  get peer(): Capabilities {
    return this.#link.connection.session.peer;
  }

  /**
   * Sends one packet. Its payload is not copied and may still be queued when the promise resolves: it must not be
   * written to any more.
   *
   * Resolves at once while the connection takes more, else when it has caught up: wait for it, and nothing piles up.
   * @throws RtmpError when the stream is over; MalformedError when the packet cannot be told in RTMP.
   */
  write(packet: EncodedPacket): Promise<void> {
    if (packet.track === 'video') this.#hasVideo = true;
    if (packet.type === 'config') this.#headers.put({ type: 'packet', packet });
    if (this.#turns !== undefined || (this.#next !== undefined && this.#isBoundary(packet))) {
      return this.#inTurn(packet, (stream) => stream.writePacket(packet));
    }
    // Not an async function: called for every packet, it would cost more than what it does.
    try {
      this.#stream().writePacket(packet);
    } catch (error) {
      if (error instanceof Error) return Promise.reject(error);
      throw error;
    }
    return this.#link.connection.flushSoon();
  }

  /**
   * Sends packets of several tracks in one message (Enhanced RTMP v2, multitrack); for servers that say they can.
   *
   * @throws RtmpError as `write` does; MalformedError when they cannot be told in one message.
   */
  async writeTracks(packets: readonly VideoPacket[] | readonly AudioPacket[]): Promise<void> {
    const [first] = packets;
    if (first === undefined) return;
    if (first.track === 'video') this.#hasVideo = true;
    for (const packet of packets) this.#headers.see({ type: 'packet', packet });
    await this.#inTurn(first, (stream) => stream.writeTracks(packets));
  }

  /** Sends a packet, or whatever else a stream is made of. @throws RtmpError as `write` does */
  writeItem(item: FlvItem): Promise<void> {
    if (item.type === 'packet') return this.write(item.packet);
    this.#headers.see(item);
    return this.#inTurn(undefined, (stream) => stream.writeItem(item));
  }

  /** Sends onMetaData. @throws RtmpError when the stream is over. */
  writeMetadata(metadata: Record<string, AmfValue>): Promise<void> {
    return this.writeItem({ type: 'metadata', value: metadata });
  }

  /**
   * Asks the server for a sign of life. Some servers never answer.
   *
   * @returns milliseconds until the answer came.
   * @throws RtmpError 'timeout' after 5 s, 'aborted', or the stream's end.
   */
  async ping(signal?: AbortSignal): Promise<number> {
    this.#stream();
    return this.#link.connection.ping(signal);
  }

  /**
   * Unpublishes and sends what is queued; disconnects where it came from `publish`. Always ends, at the latest after
   * `deadlineMs` (3000).
   */
  async close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    this.#stopMoving();
    const { connection, open } = this.#link;
    if (this.#options === undefined) await connection.leave(open);
    else await connection.close(options.deadlineMs);
  }

  /** Drops the connection at once, or only leaves the stream where the connection is shared. */
  abort(): void {
    this.#stopMoving();
    const { connection, open } = this.#link;
    if (this.#options === undefined) void connection.leave(open);
    else connection.abort();
  }

  #stream(): ClientStream {
    const { connection, open } = this.#link;
    const error = open.error ?? connection.error;
    if (error !== undefined) throw error;
    if (open.isOver) throw new RtmpError('closed', 'close', 'it was closed from here');
    return open.stream;
  }

  /** Where another server can take over: a keyframe of the default track, or anything where there are no pictures. */
  #isBoundary({ track, type, keyframe, trackId = 0 }: EncodedPacket): boolean {
    if (type !== 'frame') return false;
    return this.#hasVideo ? track === 'video' && keyframe && trackId === 0 : true;
  }

  /** Writes after what waits already; and first moves where `packet` is a place for it. */
  async #inTurn(
    packet: EncodedPacket | undefined,
    write: (stream: ClientStream) => void,
  ): Promise<void> {
    const turn = async (): Promise<void> => {
      const next = this.#next;
      if (next !== undefined && packet !== undefined && this.#isBoundary(packet)) {
        this.#next = undefined;
        await this.#move(next, packet.dts);
      }
      write(this.#stream());
      await this.#link.connection.flush();
    };
    if (this.#turns === undefined && this.#next === undefined) {
      await turn();
      return;
    }
    const done = (this.#turns ?? Promise.resolve()).then(turn);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (this.#turns === settled) this.#turns = undefined;
      });
    this.#turns = settled;
    await done;
  }

  /** Listens to what becomes of a connection while the stream goes over it. */
  #attend(link: PublisherLink): void {
    const { connection, open } = link;
    void open.closed.then(async (error) => {
      if (link !== this.#link || this.#isMoving) return;
      await this.#end(error);
    });
    if (this.#options !== undefined && this.#options.reconnect !== 'ignore') {
      connection.onReconnectRequest((tcUrl) => void this.#prepareMove(link, tcUrl));
    }
  }

  async #end(error: RtmpError | undefined): Promise<void> {
    this.#stopMoving();
    const { connection } = this.#link;
    if (this.#options !== undefined) {
      // The connection has no other purpose.
      if (error !== undefined) connection.abort(error);
      await connection.closed;
    }
    this.#settleClosed(error);
  }

  #stopMoving(): void {
    this.#over.abort();
    this.#next?.abort();
    this.#next = undefined;
  }

  /** Gets ready to move while the stream goes on where it is. */
  async #prepareMove(link: PublisherLink, tcUrl: string | undefined): Promise<void> {
    const options = this.#options;
    const { signal } = this.#over;
    if (options === undefined || link !== this.#link || this.#isPreparing) return;
    this.#isPreparing = true;
    try {
      const next = await connectElsewhere(options, link.connection, tcUrl, signal);
      if (signal.aborted) next.abort();
      else this.#next = next;
    } catch (error) {
      this.#moveFailed(error);
    }
  }

  /** Goes on over `next`, or stays when that is not possible. @throws RtmpError when neither is. */
  async #move(next: PublisherLink['connection'], dts: number): Promise<void> {
    const options = this.#options;
    if (options === undefined) return;
    const old = this.#link;
    this.#isMoving = true;
    try {
      const headers = this.#headers.items(dts);
      const link = await publishElsewhere(options, old, next, headers, this.#over.signal);
      const { bytesSent, bytesAcknowledged } = this.stats;
      this.#earlier = { bytesSent, bytesAcknowledged, bytesQueued: 0 };
      this.#link = link;
      this.#isMoving = false;
      this.#isPreparing = false;
      this.#attend(link);
      options.onEvent?.({ type: 'moved', serverUrl: link.connection.shownUrl });
      void old.connection.close();
    } catch (error) {
      this.#isMoving = false;
      this.#moveFailed(error);
      if (!old.open.isOver) return;
      await this.#end(error instanceof RtmpError ? error : undefined);
      throw error;
    }
  }

  #moveFailed(error: unknown): void {
    this.#isPreparing = false;
    if (this.#over.signal.aborted || !(error instanceof Error)) return;
    this.#options?.onEvent?.({ type: 'move-failed', error });
  }
}
