import type { AmfValue } from '../amf/amf-value.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { MediaPacket } from '../flv/opaque-packet.js';
import { StreamHeaders } from '../live/stream-headers.js';
import { nothingToWaitFor } from '../net/socket-writer.js';
import type { Capabilities } from '../session/capabilities.js';
import type { ClientStream } from '../session/client-stream.js';
import type { RtmpError } from '../session/rtmp-error.js';
import type { ConnectionStats } from './client-connection.js';
import { openPublisher, type PublisherLink, type PublishOptions } from './publisher-link.js';
import { RelocatingPublisher, type FramesDropped } from './relocating-publisher.js';

/** What has become of what a publisher wrote. */
export interface PublisherStats extends ConnectionStats {
  /** Frames that were written and never sent: `write` has said 'dropped' of each. */
  readonly framesDropped: FramesDropped;
}

/**
 * What became of something that was written: 'sent', which means on its way; or 'dropped', while the stream was held. A
 * configuration or metadata that was dropped is sent before the next keyframe.
 */
export type WriteResult = 'sent' | 'dropped';

const [sent, dropped] = [Promise.resolve('sent' as const), Promise.resolve('dropped' as const)];

/**
 * Connects to a server and asks to publish; resolves once the server has said that publishing has started.
 *
 * @throws RtmpError: `code` says what went wrong, `phase` where.
 */
export async function publish(options: PublishOptions): Promise<RtmpPublisher> {
  return new RtmpPublisher(await openPublisher(options), options);
}

/** A stream that is being published. Get one from `publish` or `RtmpConnection.publish`. */
export class RtmpPublisher {
  /** Settles when the stream is over: with undefined after `close`, else with the reason. Never rejects. */
  readonly closed: Promise<RtmpError | undefined>;
  readonly #headers = new StreamHeaders();
  readonly #publisher: RelocatingPublisher;
  #hasVideo = false;
  /** While it moves, writes wait here for their turn. */
  #turns: Promise<void> | undefined;

  constructor(link: PublisherLink, opened?: PublishOptions) {
    const headers = (dts: number): FlvItem[] => this.#headers.items(dts);
    this.#publisher = new RelocatingPublisher({ link, opened, headers });
    this.closed = this.#publisher.closed;
  }

  /** Of all the connections that the stream has gone over. */
  get stats(): PublisherStats {
    const { stats, framesDropped } = this.#publisher;
    return { ...stats, framesDropped };
  }

  /**
   * True while the stream rests since its server has asked to go on elsewhere: what is written waits for the new server,
   * or is dropped.
   */
  get isMoving(): boolean {
    return this.#publisher.isMoving;
  }

  /** What the server declared in its answer to `connect`. */
  get peer(): Capabilities {
    return this.#publisher.connection.session.peer;
  }

  /**
   * Sends one packet. Its payload is not copied and may still be queued when the promise resolves: it must not be
   * written to any more.
   *
   * Resolves at once while the connection takes more, else when it has caught up: wait for it, and nothing piles up.
   *
   * Where a server that asked us to go elsewhere ends the connection before the next keyframe, frames are dropped up to
   * it: they could not be decoded. `onEvent` tells of it ('held', 'resumed'), and so does what this resolves with.
   * Without a keyframe for 10 s the stream is over.
   *
   * @throws RtmpError when the stream is over; MalformedError when the packet cannot be told in RTMP.
   */
  write(packet: EncodedPacket): Promise<WriteResult> {
    if (packet.track === 'video') this.#hasVideo = true;
    if (packet.type === 'config') this.#headers.put({ type: 'packet', packet });
    const publisher = this.#publisher;
    if (this.#turns !== undefined || (publisher.isAboutToMove && this.#isBoundary(packet))) {
      return this.#inTurn([packet], (stream) => stream.writePacket(packet));
    }
    if (publisher.isHeld) {
      publisher.drop([packet]);
      return dropped;
    }
    // Not an async function: called for every packet, it would cost more than what it does.
    try {
      publisher.stream().writePacket(packet);
    } catch (error) {
      if (error instanceof Error) return Promise.reject(error);
      throw error;
    }
    const ready = publisher.connection.flushSoon();
    if (ready === nothingToWaitFor) return sent;
    const waited = ready.then(() => 'sent' as const);
    // Who writes may look away from the promise; the connection's end is told elsewhere too.
    waited.catch(() => undefined);
    return waited;
  }

  /**
   * Sends packets of several tracks in one message (Enhanced RTMP v2, multitrack); for servers that say they can.
   *
   * @throws RtmpError as `write` does; MalformedError when they cannot be told in one message.
   */
  async writeTracks(
    packets: readonly VideoPacket[] | readonly AudioPacket[],
  ): Promise<WriteResult> {
    const [first] = packets;
    if (first === undefined) return 'sent';
    if (first.track === 'video') this.#hasVideo = true;
    for (const packet of packets) this.#headers.see({ type: 'packet', packet });
    return this.#inTurn(packets, (stream) => stream.writeTracks(packets));
  }

  /** Sends a packet, or whatever else a stream is made of. @throws RtmpError as `write` does */
  writeItem(item: FlvItem): Promise<WriteResult> {
    if (item.type === 'packet') return this.write(item.packet);
    this.#headers.see(item);
    if (item.type === 'opaque' && item.packet.track === 'video') this.#hasVideo = true;
    const packets = item.type === 'opaque' ? [item.packet] : [];
    return this.#inTurn(packets, (stream) => stream.writeItem(item));
  }

  /** Sends onMetaData. @throws RtmpError when the stream is over. */
  writeMetadata(metadata: Record<string, AmfValue>): Promise<WriteResult> {
    return this.writeItem({ type: 'metadata', value: metadata });
  }

  /**
   * Asks the server for a sign of life. Some servers never answer.
   *
   * @returns milliseconds until the answer came.
   * @param limitMs how long to wait for it; 5 s where absent. Behind a slow line an answer waits for the media before it.
   * @throws RtmpError 'timeout', 'aborted', or the stream's end.
   */
  async ping(signal?: AbortSignal, limitMs?: number): Promise<number> {
    this.#publisher.stream();
    return this.#publisher.connection.ping(signal, limitMs);
  }

  /**
   * Unpublishes and sends what is queued; disconnects where it came from `publish`. Always ends, at the latest after
   * `deadlineMs` (3000).
   */
  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    return this.#publisher.close(options.deadlineMs);
  }

  /** Drops the connection at once, or only leaves the stream where the connection is shared. */
  abort(): void {
    this.#publisher.abort();
  }

  /** Where another server can take over: a keyframe of the default track, or anything where there are no pictures. */
  #isBoundary({ track, type, keyframe, trackId = 0 }: MediaPacket): boolean {
    if (type !== 'frame') return false;
    return this.#hasVideo ? track === 'video' && keyframe && trackId === 0 : true;
  }

  /** Writes after what waits already; and first moves where the first of `packets` is a place for it. */
  async #inTurn(
    packets: readonly MediaPacket[],
    write: (stream: ClientStream) => void,
  ): Promise<WriteResult> {
    const publisher = this.#publisher;
    const [packet] = packets;
    const turn = async (): Promise<WriteResult> => {
      if (packet !== undefined && publisher.isAboutToMove && this.#isBoundary(packet)) {
        await publisher.move(packet.dts);
      }
      if (publisher.isHeld) {
        publisher.drop(packets);
        return 'dropped';
      }
      write(publisher.stream());
      await publisher.connection.flush();
      return 'sent';
    };
    if (this.#turns === undefined && !publisher.isAboutToMove) return turn();
    const done = (this.#turns ?? Promise.resolve()).then(turn);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (this.#turns === settled) this.#turns = undefined;
      });
    this.#turns = settled;
    return done;
  }
}
