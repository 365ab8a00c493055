import { expect, it } from 'vitest';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ChunkReader } from '../chunk/chunk-reader.js';
import { ChunkWriter } from '../chunk/chunk-writer.js';
import type { FlvItem } from '../flv/flv-item.js';
import { serializeMessage } from '../message/message.js';
import { delta, key, sound } from '../../test/support/live-items.js';
import { outChunkSize } from './protocol-channel.js';
import { SharedChunks } from './shared-chunks.js';
import { itemMessage } from './stream-items.js';

const writeEach = (writer: ChunkWriter, items: readonly FlvItem[]): Uint8Array[] => {
  const output: Uint8Array[] = [];
  for (const item of items) {
    const message = itemMessage(item, 1, false);
    if (message) writer.write(serializeMessage(message), output);
  }
  return output;
};

/** What a peer makes of the chunks of one connection. */
function read(pieces: readonly Uint8Array[]) {
  const queue = new ByteQueue();
  const reader = new ChunkReader(queue);
  reader.chunkSize = outChunkSize;
  for (const piece of pieces) queue.push(piece);
  const messages = [];
  for (let chunk = reader.next(); chunk; chunk = reader.next())
    messages.push({ ...chunk, payload: Buffer.from(chunk.payload) });
  return messages;
}

function writerOfPlayer(): ChunkWriter {
  const writer = new ChunkWriter();
  writer.chunkSize = outChunkSize;
  return writer;
}

const extended = 0x1000000 * 1000;
const own = [key(0), sound(5_000), delta(40_000)];
const batch = [sound(70_000), key(80_000, 2.5 * outChunkSize), delta(120_000), delta(extended)];
const later = [sound(extended + 1_000), delta(extended + 40_000), delta(extended + 80_000)];

it('is the same to a peer as what is written for it alone, between what is', () => {
  const alone = writerOfPlayer();
  const expected = read([own, batch, later].flatMap((items) => writeEach(alone, items)));

  const shared = new SharedChunks();
  shared.of(batch, 1);
  const writer = writerOfPlayer();
  const before = writeEach(writer, own);
  const both = shared.of([...batch], 1);
  if (!both) throw new Error('not shared');
  writer.continueAfter(both.writer);
  expect(read([...before, both.bytes, ...writeEach(writer, later)])).toEqual(expected);
  expect(expected).toHaveLength(own.length + batch.length + later.length);
});

it('keeps nothing of what is long, as what was kept for late joiners may be', () => {
  const shared = new SharedChunks();
  const group = [key(0, 900 * 1024), delta(40_000, 200 * 1024)];
  expect(shared.of(group, 1)).toBeUndefined();
  expect(shared.of([...group], 1)).toBeUndefined();
});

it('is made for the second that asks, and not for other items or on another message stream', () => {
  const shared = new SharedChunks();
  expect(shared.of(batch, 1)).toBeUndefined();
  const second = shared.of([...batch], 1);
  expect(second).toBeDefined();
  expect(shared.of([...batch], 1)).toBe(second);
  expect(shared.of(batch, 2)).toBeUndefined();
  expect(shared.of(later, 2)).toBeUndefined();
  expect(shared.of([...batch], 1)).toBe(second);
  // Only a few are kept.
  for (let other = 0; other < 8; other += 1) shared.of([delta(other)], 1);
  expect(shared.of(batch, 1)).toBeUndefined();
});
