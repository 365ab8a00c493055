import { ByteQueue } from '../../../packages/node-rtmp-client/src/bytes/byte-queue.js';
import { ChunkReader } from '../../../packages/node-rtmp-client/src/chunk/chunk-reader.js';
import type { Direction } from './faults.js';

export interface MediaArrival {
  readonly connection: number;
  /** As `performance.now()`. */
  readonly at: number;
  readonly track: 'audio' | 'video';
  readonly kind: 'config' | 'keyframe' | 'frame';
  /** Milliseconds, of its RTMP message. */
  readonly timestamp: number;
}

/** C0, C1 and C2. */
const handshakeBytes = 1 + 2 * 1536;
const [setChunkSize, audio, video] = [1, 8, 9];

/** Reads what a publisher of H.264 and AAC sends through a rig: to be given as its `onBytes`. */
export class MediaArrivals {
  readonly #arrivals: MediaArrival[] = [];

  get all(): readonly MediaArrival[] {
    return this.#arrivals;
  }

  of(connection: number): MediaArrival[] {
    return this.#arrivals.filter((each) => each.connection === connection);
  }

  readonly onBytes = mediaReader((arrival) => this.#arrivals.push(arrival));
}

/** As {@link MediaArrivals}, for who keeps none of it: calls `onArrival` with each. */
export function mediaReader(
  onArrival: (arrival: MediaArrival) => void,
): (connection: number, direction: Direction, bytes: Buffer) => void {
  const readers = new Map<number, PublisherReader>();
  return (connection, direction, bytes) => {
    if (direction === 'down') return;
    let reader = readers.get(connection);
    if (!reader) readers.set(connection, (reader = new PublisherReader()));
    for (const found of reader.push(bytes)) {
      onArrival({ ...found, connection, at: performance.now() });
    }
  };
}

class PublisherReader {
  readonly #input = new ByteQueue();
  readonly #reader = new ChunkReader(this.#input);
  #handshakeLeft = handshakeBytes;

  push(bytes: Buffer): Omit<MediaArrival, 'connection' | 'at'>[] {
    const rest = bytes.subarray(this.#handshakeLeft);
    this.#handshakeLeft -= bytes.length - rest.length;
    if (rest.length > 0) this.#input.push(Uint8Array.from(rest));
    const found: Omit<MediaArrival, 'connection' | 'at'>[] = [];
    for (let next = this.#reader.next(); next; next = this.#reader.next()) {
      const { typeId, payload, timestamp } = next;
      if (typeId === setChunkSize) this.#reader.chunkSize = Buffer.from(payload).readUInt32BE();
      if (typeId !== audio && typeId !== video) continue;
      const [first = 0, second] = payload;
      // FLV 10.1, E.4.2.1 and E.4.3.1.
      const isKeyframe = typeId === video && first >> 4 === 1;
      const kind = second === 0 ? 'config' : isKeyframe ? 'keyframe' : 'frame';
      found.push({ track: typeId === video ? 'video' : 'audio', kind, timestamp });
    }
    return found;
  }
}
