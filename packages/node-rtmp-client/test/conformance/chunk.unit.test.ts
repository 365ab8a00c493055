import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../src/bytes/byte-queue.js';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import type { ChunkMessage } from '../../src/chunk/chunk-message.js';
import { ChunkReader } from '../../src/chunk/chunk-reader.js';
import { ChunkWriter } from '../../src/chunk/chunk-writer.js';
import { serializeMessage, type Message } from '../../src/message/message.js';
import { userControl } from '../../src/message/user-control.js';
import { filled, hex, joined, rawChunks } from './raw-chunks.js';

function read(...pieces: readonly Uint8Array[]): ChunkMessage[] {
  const input = new ByteQueue();
  const reader = new ChunkReader(input);
  input.push(joined(...pieces));
  const messages: ChunkMessage[] = [];
  for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next);
  expect(input.length, 'bytes left over').toBe(0);
  return messages;
}

interface Sent {
  readonly timestamp?: number;
  readonly length?: number;
  readonly chunkStreamId?: number;
  readonly streamId?: number;
  readonly typeId?: number;
}

function write(...messages: readonly Sent[]): Uint8Array {
  const writer = new ChunkWriter();
  const output: Uint8Array[] = [];
  for (const {
    timestamp = 0,
    length = 3,
    chunkStreamId = 4,
    streamId = 1,
    typeId = 8,
  } of messages) {
    writer.write({ chunkStreamId, typeId, streamId, timestamp, payload: [filled(length)] }, output);
  }
  return joined(...output);
}

const timesOf = (messages: readonly ChunkMessage[]): number[] => messages.map((m) => m.timestamp);

describe('basic header', () => {
  it('[CHUNK-04, CHUNK-03] takes ids of the two-byte form in three bytes', () => {
    // Id 319 both ways: one chunk stream, so the second header may leave everything out.
    const messages = read(hex('00ff 00000a 000001 08 01000000 07'), hex('c1ff00 07'));
    expect(timesOf(messages)).toEqual([10, 20]);
  });

  it('[GEN-02] is followed by the next field at once, whatever its length', () => {
    for (const basic of ['05', '0005', '010005']) {
      expect(read(hex(`${basic} ffffff 000001 09 01000000 01020304 07`))).toEqual([
        { typeId: 9, streamId: 1, timestamp: 0x01020304, payload: Uint8Array.of(7) },
      ]);
    }
  });

  it('[CHUNK-05] puts protocol and user control on chunk stream 2, and nothing else there', () => {
    const command = { name: 'x', transactionId: 0, values: [] };
    const messages: readonly Message[] = [
      { type: 'set-chunk-size', size: 1 },
      { type: 'abort', chunkStreamId: 3 },
      { type: 'acknowledgement', sequenceNumber: 1 },
      { type: 'window-acknowledgement-size', size: 1 },
      { type: 'set-peer-bandwidth', size: 1, limit: 'hard' },
      userControl({ name: 'stream-begin', streamId: 0 }),
      { type: 'command', streamId: 0, ...command },
      { type: 'command', streamId: 1, ...command },
      { type: 'data', streamId: 1, timestamp: 0, values: ['x'] },
      { type: 'audio', streamId: 1, timestamp: 0, body: [] },
      { type: 'video', streamId: 1, timestamp: 0, body: [] },
    ];
    const ids = messages.map((message) => serializeMessage(message).chunkStreamId);
    expect(ids.slice(0, 6)).toEqual([2, 2, 2, 2, 2, 2]);
    for (const id of ids.slice(6)) expect(id).toBeGreaterThan(2);
  });
});

describe('message headers that are read', () => {
  it('[CHUNK-14] type 1 keeps the message stream and adds its delta', () => {
    const messages = read(hex('04 0003e8 000001 08 39300000 07'), hex('44 000014 000002 09 0708'));
    expect(messages[1]).toEqual({
      ...{ typeId: 9, streamId: 12345, timestamp: 1020 },
      payload: Uint8Array.of(7, 8),
    });
  });

  it('[CHUNK-18, CHUNK-17] type 3 after type 0 takes its timestamp for the delta', () => {
    expect(timesOf(read(hex('04 0003e8 000001 08 01000000 07'), hex('c4 07 c4 07')))).toEqual([
      1000, 2000, 3000,
    ]);
  });

  it('[CHUNK-07] type 3 that begins a message has the extended timestamp, too', () => {
    const absolute = read(hex('04 ffffff 000001 08 01000000 01000000 07'), hex('c4 01000000 08'));
    expect(absolute.map(({ payload }) => [...payload])).toEqual([[7], [8]]);
    const delta = read(
      hex('04 000005 000001 08 01000000 07'),
      hex('84 ffffff 01000000 08'),
      hex('c4 01000000 09'),
    );
    expect(timesOf(delta)).toEqual([5, 0x1000005, 0x2000005]);
    expect(delta.map(({ payload }) => [...payload])).toEqual([[7], [8], [9]]);
  });

  it('[CHUNK-07] type 3 has none once a header without it has come', () => {
    const messages = read(
      hex('04 ffffff 000001 08 01000000 01000000 07'),
      hex('84 000014 08'),
      hex('c4 09'),
    );
    expect(timesOf(messages)).toEqual([0x1000000, 0x1000014, 0x1000028]);
  });

  it('[CHUNK-08] the extended timestamp counts neither for the chunk nor for the message', () => {
    const [message] = read(
      hex('04 ffffff 000084 08 01000000 01020304'),
      filled(128, 1),
      hex('c4 01020304'),
      filled(4, 2),
    );
    expect(message?.payload).toEqual(joined(filled(128, 1), filled(4, 2)));
  });

  it('[CHUNK-23] type 0 changes the message stream of a chunk stream in use', () => {
    const messages = read(
      hex('04 0003e8 000001 08 01000000 07'),
      hex('04 000001 000001 08 02000000 08'),
      hex('84 000001 09'),
    );
    expect(messages.map(({ streamId, timestamp }) => [streamId, timestamp])).toEqual([
      [1, 1000],
      [2, 1],
      [2, 2],
    ]);
  });

  it('[CHUNK-26] a chunk stream may lack the message stream at first, but not the length', () => {
    expect(read(hex('44 000005 000001 08 07'))).toEqual([
      { typeId: 8, streamId: 0, timestamp: 5, payload: Uint8Array.of(7) },
    ]);
    expect(() => read(hex('84 000005 07'))).toThrow(MalformedError);
    expect(() => read(hex('c4 07'))).toThrow(MalformedError);
  });

  it('[CHUNK-21, CHUNK-20] three messages in turns, the chunks of each filled before its last', () => {
    const messages = read(
      hex('04 000001 000081 08 01000000'),
      filled(128, 1),
      hex('05 000002 000101 09 01000000'),
      filled(128, 2),
      hex('c5'),
      filled(128, 2),
      hex('06 000003 000001 12 01000000 03'),
      hex('c4 01'),
      hex('c5 02'),
    );
    expect(messages.map(({ typeId, payload }) => [typeId, payload.length])).toEqual([
      [18, 1],
      [8, 129],
      [9, 257],
    ]);
    for (const { payload } of messages) expect(new Set(payload).size).toBe(1);
  });
});

describe('message headers that are written', () => {
  it('[CHUNK-12] every chunk stream begins with type 0', () => {
    const chunks = rawChunks(
      write(
        { timestamp: 7 },
        { chunkStreamId: 6, timestamp: 7 },
        { chunkStreamId: 300, typeId: 9 },
      ),
    );
    expect(chunks.map(({ format }) => format)).toEqual([0, 0, 0]);
  });

  it('[CHUNK-14] type 1 when length or type change', () => {
    const bytes = write({}, { timestamp: 20, length: 4 }, { timestamp: 40, length: 4, typeId: 9 });
    expect(bytes.subarray(15, 23)).toEqual(hex('44 000014 000004 08'));
    expect(rawChunks(bytes).map(({ format, time }) => [format, time])).toEqual([
      [0, 0],
      [1, 20],
      [1, 20],
    ]);
  });

  it('[CHUNK-15, CHUNK-19] type 2 when only time goes on, and never type 3 to begin a message', () => {
    const bytes = write({}, { timestamp: 20 }, { timestamp: 40 }, { timestamp: 60 });
    expect(bytes.subarray(15, 22)).toEqual(hex('84 000014 aaaaaa'));
    expect(rawChunks(bytes).map(({ format }) => format)).toEqual([0, 2, 2, 2]);
  });

  it('[CHUNK-13] type 0 when time falls, by however little', () => {
    const chunks = rawChunks(write({ timestamp: 1000 }, { timestamp: 999 }));
    expect(chunks[1]).toMatchObject({ format: 0, time: 999 });
  });

  it('[CHUNK-23] type 0 when another message stream uses the chunk stream', () => {
    const chunks = rawChunks(write({ timestamp: 5 }, { timestamp: 6, streamId: 2 }));
    expect(chunks[1]).toMatchObject({ format: 0, time: 6, streamId: 2 });
  });

  it('[CHUNK-06] the mark and four bytes from 16777215 on, for times and for deltas', () => {
    const times = (timestamp: number) => rawChunks(write({ timestamp }))[0]?.time;
    expect([0xfffffe, 0xffffff, 0xffffffff].map(times)).toEqual([0xfffffe, 0xffffff, 0xffffffff]);
    expect(write({ timestamp: 0xfffffe }).subarray(0, 4)).toEqual(hex('04 fffffe'));
    expect(write({ timestamp: 0xffffff }).subarray(0, 16)).toEqual(
      hex('04 ffffff 000003 08 01000000 00ffffff'),
    );
    const deltas = rawChunks(write({}, { timestamp: 0xffffff }, { timestamp: 0x1fffffd }));
    expect(deltas.map(({ time }) => time)).toEqual([0, 0xffffff, 0xfffffe]);
  });

  it('[CHUNK-16, CHUNK-20, CHUNK-22] full chunks of type 3 follow, then the rest, then the next message', () => {
    const chunks = rawChunks(write({ length: 300 }, { timestamp: 1, length: 128 }, { length: 0 }));
    expect(chunks.map(({ format, first, data }) => [format, first, data.length])).toEqual([
      [0, true, 128],
      [3, false, 128],
      [3, false, 44],
      [1, true, 128],
      [0, true, 0],
    ]);
  });
});
