import { ChunkWriter } from '../chunk/chunk-writer.js';
import type { FlvItem } from '../flv/flv-item.js';
import { serializeMessage } from '../message/message.js';
import { outChunkSize } from './protocol-channel.js';
import { itemMessage } from './stream-items.js';

/** Items in chunks that everybody can be sent: their headers lean on nothing that was sent before. */
export interface SharedBatch {
  readonly bytes: Uint8Array;
  /** What has written them. */
  readonly writer: ChunkWriter;
}

/** Of several streams, and of players that have just joined and get what was kept for them. */
const mostRecent = 8;

/**
 * What is longer is no batch of live frames but what was kept for somebody who joins: each gets it as it is, not copied, so
 * that what is kept here stays small. Bytes of payload.
 */
const longestBatch = 1024 * 1024;

interface Entry {
  readonly items: readonly FlvItem[];
  readonly streamId: number;
  batch: SharedBatch | undefined;
}

/**
 * Players of one stream get the same items at the same time, and so the same bytes: from the second that asks on, they are
 * put into chunks once, in one piece. Whoever is alone is sent the payloads as they are, not copied. A few of the last
 * batches are kept, for the next player that asks for them.
 */
export class SharedChunks {
  /** The newest last. */
  readonly #recent: Entry[] = [];

  /**
   * @param streamId the message stream, which is the same for most players.
   * @returns undefined for the first that asks, and for what is too long to be kept.
   */
  of(items: readonly FlvItem[], streamId: number): SharedBatch | undefined {
    if (payloadBytes(items) > longestBatch) return undefined;
    const known = this.#recent.findLast(
      (entry) => entry.streamId === streamId && areSame(entry.items, items),
    );
    if (known) return (known.batch ??= serialize(items, streamId));
    if (this.#recent.length === mostRecent) this.#recent.shift();
    this.#recent.push({ items, streamId, batch: undefined });
    return undefined;
  }
}

function serialize(items: readonly FlvItem[], streamId: number): SharedBatch {
  const writer = new ChunkWriter();
  writer.chunkSize = outChunkSize;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const item of items) {
    const message = itemMessage(item, streamId, false);
    if (message !== undefined) length += writer.write(serializeMessage(message), pieces);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, writer };
}

const payloadBytes = (items: readonly FlvItem[]): number =>
  items.reduce((sum, item) => sum + ('packet' in item ? item.packet.payload.length : 0), 0);

const areSame = (a: readonly FlvItem[], b: readonly FlvItem[]): boolean =>
  a.length === b.length && a[0] === b[0] && a.every((item, i) => item === b[i]);
