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

/**
 * Players of one stream get the same items at the same time, and so the same bytes: from the second that asks on, they are
 * put into chunks once, in one piece. Whoever is alone is sent the payloads as they are, not copied. Only the last batch
 * is kept, for as long as the next player may ask for it.
 */
export class SharedChunks {
  #items: readonly FlvItem[] = [];
  #streamId = 0;
  #batch: SharedBatch | undefined;

  /**
   * @param streamId the message stream, which is the same for most players.
   * @returns undefined for the first that asks.
   */
  of(items: readonly FlvItem[], streamId: number): SharedBatch | undefined {
    if (streamId !== this.#streamId || !areSame(items, this.#items)) {
      this.#items = items;
      this.#streamId = streamId;
      this.#batch = undefined;
      return undefined;
    }
    return (this.#batch ??= serialize(items, streamId));
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

const areSame = (a: readonly FlvItem[], b: readonly FlvItem[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
