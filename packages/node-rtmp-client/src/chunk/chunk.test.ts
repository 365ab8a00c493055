import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkFixtures } from '../../test/fixtures/chunks.js';
import { hex } from '../../test/fixtures/hex.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkMessage, OutgoingChunkMessage } from './chunk-message.js';
import { ChunkReader, defaultChunkReaderLimits, type ChunkReaderLimits } from './chunk-reader.js';
import { ChunkWriter } from './chunk-writer.js';

const filled = (length: number, byte = 0xaa): Uint8Array => new Uint8Array(length).fill(byte);

const message = (
  over: Partial<Omit<OutgoingChunkMessage, 'payload'>> & { body?: Uint8Array },
): OutgoingChunkMessage => ({
  chunkStreamId: 4,
  typeId: 8,
  streamId: 1,
  timestamp: 0,
  ...over,
  payload: [over.body ?? Uint8Array.of(1, 2, 3)],
});

function write(messages: readonly OutgoingChunkMessage[], chunkSize = 128): Uint8Array {
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  const output: Uint8Array[] = [];
  for (const each of messages) writer.write(each, output);
  return Uint8Array.from(Buffer.concat(output));
}

function read(
  bytes: Uint8Array,
  chunkSize = 128,
  cut: (index: number) => boolean = () => false,
  limits?: ChunkReaderLimits,
): ChunkMessage[] {
  const input = new ByteQueue();
  const reader = new ChunkReader(input, limits);
  reader.chunkSize = chunkSize;
  const messages: ChunkMessage[] = [];
  let start = 0;
  for (let i = 1; i <= bytes.length; i++) {
    if (i < bytes.length && !cut(i)) continue;
    input.push(bytes.slice(start, i));
    start = i;
    for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next);
  }
  return messages;
}

const received = ({
  typeId,
  streamId,
  timestamp,
  payload,
}: OutgoingChunkMessage): ChunkMessage => ({
  typeId,
  streamId,
  timestamp: timestamp >>> 0,
  payload: Uint8Array.from(Buffer.concat(payload)),
});

it.each(chunkFixtures)('reads $name', ({ bytes, chunkSize, value }) => {
  for (const cut of [() => false, () => true]) {
    const messages = read(bytes, chunkSize, cut);
    expect(messages.map(({ payload, ...rest }) => ({ ...rest, length: payload.length }))).toEqual(
      value,
    );
  }
});

const written = chunkFixtures.flatMap((fixture) =>
  fixture.chunkStreamId === undefined ? [] : [{ ...fixture, chunkStreamId: fixture.chunkStreamId }],
);
it.each(written)('writes $name', ({ bytes, chunkSize, chunkStreamId }) => {
  const messages = read(bytes, chunkSize);
  const again = messages.map(({ payload, ...rest }) => ({
    ...rest,
    chunkStreamId,
    payload: [payload],
  }));
  expect(write(again, chunkSize)).toEqual(bytes);
});

describe('ChunkWriter', () => {
  it.each([
    { id: 2, header: '02' },
    { id: 63, header: '3f' },
    { id: 64, header: '00 00' },
    { id: 319, header: '00 ff' },
    { id: 320, header: '01 00 01' },
    { id: 65599, header: '01 ff ff' },
  ])(
    '[CHUNK-01, CHUNK-02, CHUNK-03, CHUNK-04] writes chunk stream id $id as $header',
    ({ id, header }) => {
      const bytes = write([message({ chunkStreamId: id })]);
      expect(bytes.subarray(0, hex(header).length)).toEqual(hex(header));
      expect(read(bytes)).toEqual([received(message({}))]);
    },
  );

  it('[CHUNK-13, TIME-05] says the time stamp outright when it falls', () => {
    const bytes = write([message({ timestamp: 50 }), message({ timestamp: 40 })]);
    expect(bytes[15]).toBe(0x04);
    expect(read(bytes).map((m) => m.timestamp)).toEqual([50, 40]);
  });

  it('[CHUNK-06, CHUNK-07, CHUNK-08] repeats the extended time stamp in every chunk of the message', () => {
    const body = filled(300);
    const bytes = write([message({ timestamp: 0x01020304, body })]);
    expect(bytes.subarray(0, 16)).toEqual(hex('04 ffffff 00012c 08 01000000 01020304'));
    expect(bytes.subarray(16 + 128, 16 + 128 + 5)).toEqual(hex('c4 01020304'));
    expect(bytes.subarray(16 + 128 + 5 + 128).subarray(0, 5)).toEqual(hex('c4 01020304'));
    expect(read(bytes)).toEqual([received(message({ timestamp: 0x01020304, body }))]);
  });

  it('[CHUNK-29] refuses a message that is longer than a header can say', () => {
    const payload = [new Uint8Array(0xffffff), Uint8Array.of(1)];
    const message = { chunkStreamId: 6, typeId: 9, streamId: 1, timestamp: 0, payload };
    expect(() => new ChunkWriter().write(message, [])).toThrow(MalformedError);
  });

  it('hands the payload on without copying it', () => {
    const body = filled(300);
    const output: Uint8Array[] = [];
    new ChunkWriter().write(message({ body }), output);
    expect(output.filter((piece) => piece.buffer === body.buffer).map((p) => p.length)).toEqual([
      128, 128, 44,
    ]);
  });

  it.each([
    { name: 'nothing', payload: [] },
    { name: 'a few bytes', payload: [filled(5)] },
    { name: 'a short header and a body', payload: [filled(5), filled(100)] },
    { name: 'a body of many chunks', payload: [filled(5), filled(1000), filled(0), filled(3)] },
  ])('says how many bytes it has written: $name', ({ payload }) => {
    const output: Uint8Array[] = [];
    const length = new ChunkWriter().write({ ...message({}), payload }, output);
    expect(length).toBe(Buffer.concat(output).length);
  });

  it('leaves what it has written as it is, however much follows', () => {
    const messages = Array.from({ length: 600 }, (_, i) =>
      message({ timestamp: i, body: filled(5, i) }),
    );
    expect(read(write(messages)).map(({ payload }) => payload)).toEqual(
      messages.map((_, i) => filled(5, i)),
    );
  });
});

describe('time stamps, there and back', () => {
  it.each([
    {
      name: 'up to the 24-bit mark and over it',
      times: [0xfffffe, 0xffffff, 0x1000000, 0x1000001],
    },
    { name: 'over 4 h 39 m in one stream', times: [0, 16_777_000, 16_777_215, 16_777_300] },
    { name: 'over the 32-bit wrap', times: [2 ** 32 - 40, 2 ** 32 - 20, 2 ** 32, 2 ** 32 + 20] },
    {
      name: '[CHUNK-06, TIME-03] with a delta that needs the extension',
      times: [0, 0xffffff, 0x3000000],
    },
    { name: 'falling', times: [0x2000000, 0x1000000, 5] },
  ])('$name', ({ times }) => {
    for (const length of [3, 400]) {
      const sent = times.map((timestamp) => message({ timestamp, body: filled(length) }));
      const bytes = write(sent);
      expect(read(bytes)).toEqual(sent.map(received));
      expect(read(bytes, 128, () => true)).toEqual(sent.map(received));
    }
  });

  it('[CHUNK-09] takes continuations without the extended time stamp, as some senders write them', () => {
    const bytes = Buffer.concat([
      hex('04 ffffff 000084 08 01000000 01020304'),
      filled(128),
      hex('c4'),
      filled(4),
    ]);
    expect(read(bytes)).toEqual([received(message({ timestamp: 0x01020304, body: filled(132) }))]);
  });

  it('[CHUNK-09] takes continuations that repeat the time itself, where the header had a delta', () => {
    const bytes = Buffer.concat([
      hex('04 00000a 000003 08 01000000'),
      filled(3),
      hex('44 ffffff 000084 08 01000000'),
      filled(128),
      hex('c4 0100000a'),
      filled(4),
    ]);
    expect(read(Uint8Array.from(bytes))).toEqual([
      received(message({ timestamp: 10, body: filled(3) })),
      received(message({ timestamp: 0x0100000a, body: filled(132) })),
    ]);
  });
});

describe('ChunkReader', () => {
  it('[CHUNK-09] gives a message at once whose end is shorter than the time stamp that it omits', () => {
    const input = new ByteQueue();
    const reader = new ChunkReader(input);
    input.push(Buffer.concat([hex('04 ffffff 000082 08 01000000 01020304'), filled(128)]));
    expect(reader.next()).toBeUndefined();
    input.push(hex('c4 aa aa'));
    expect(reader.next()).toEqual(received(message({ timestamp: 0x01020304, body: filled(130) })));
  });

  it('[CHUNK-21] puts interleaved messages together', () => {
    const bytes = Buffer.concat([
      hex('06 00000a 000086 09 01000000'),
      filled(128, 1),
      hex('04 00000a 000003 08 01000000'),
      filled(3, 2),
      hex('c6'),
      filled(6, 1),
    ]);
    expect(read(bytes).map(({ typeId, payload }) => [typeId, payload.length])).toEqual([
      [8, 3],
      [9, 134],
    ]);
  });

  it('[CTRL-08] forgets an aborted message', () => {
    const input = new ByteQueue();
    const reader = new ChunkReader(input);
    input.push(Buffer.concat([hex('06 00000a 000086 09 01000000'), filled(128)]));
    expect(reader.next()).toBeUndefined();
    reader.abort(6);
    input.push(hex('06 00000b 000001 09 01000000 07'));
    expect(reader.next()?.payload).toEqual(Uint8Array.of(7));
  });

  it('[CTRL-08] does not count what was aborted as unfinished', () => {
    const input = new ByteQueue();
    const reader = new ChunkReader(input, { ...defaultChunkReaderLimits, maxPendingBytes: 300 });
    for (let i = 0; i < 10; i++) {
      input.push(Buffer.concat([hex('06 00000a 0003e8 09 01000000'), filled(128)]));
      expect(reader.next()).toBeUndefined();
      reader.abort(6);
    }
  });

  it('[CHUNK-28] gives an empty message', () => {
    expect(read(hex('06 00000a 000000 09 01000000'))[0]?.payload.length).toBe(0);
  });

  it('does not set memory aside for a length that was only claimed', () => {
    const before = process.memoryUsage().arrayBuffers;
    const input = new ByteQueue();
    const reader = new ChunkReader(input);
    for (let id = 2; id < 60; id++) {
      input.push(Buffer.concat([Uint8Array.of(id), hex('000000 7fffff 09 01000000'), filled(128)]));
      reader.next();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(58 * 0x7fffff * 0.1);
  });

  const limits = { maxMessageBytes: 1000, maxChunkStreams: 2, maxPendingBytes: 300 };
  const pending = Buffer.concat([hex('06 00000a 0003e8 09 01000000'), filled(128)]);
  it.each([
    { name: 'a message that is too long', bytes: hex('06 00000a 0003e9 09 01000000') },
    {
      name: '[CHUNK-30] too many chunk streams',
      bytes: hex(['02', '03', '04'].map((id) => `${id} 000000 000001 08 00000000 00`).join('')),
    },
    {
      name: 'too much unfinished',
      bytes: Buffer.concat([pending, hex('c6'), filled(128), hex('c6'), filled(128)]),
    },
    { name: '[CHUNK-26] a stream that begins with type 3', bytes: hex('c6') },
    { name: '[CHUNK-26] a stream that begins with type 2', bytes: hex('86 000001') },
    {
      name: '[CHUNK-27] a message inside a message',
      bytes: Buffer.concat([pending, hex('06 00000a 000003 09 01000000')]),
    },
  ])('refuses $name', ({ bytes }) => {
    expect(() => read(bytes, 128, undefined, limits)).toThrow(MalformedError);
  });

  it('throws nothing but MalformedError, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          read(bytes, 32, (i) => i % 7 === 0);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('[GEN-05] reads what the writer writes, cut anywhere', () => {
    const outgoing = fc.record({
      chunkStreamId: fc.constantFrom(2, 3, 63, 64, 320, 65599),
      typeId: fc.integer({ min: 8, max: 22 }),
      streamId: fc.constantFrom(0, 1, 0x01020304),
      timestamp: fc.oneof(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.constantFrom(0xfffffe, 0xffffff, 0x1000000),
      ),
      payload: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(outgoing, { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (messages, chunkSize, step) => {
          const bytes = write(messages, chunkSize);
          const got = read(bytes, chunkSize, (i) => i % step === 0);
          expect(got).toEqual(messages.map(received));
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('has limits by default', () => {
  expect(defaultChunkReaderLimits.maxMessageBytes).toBeGreaterThan(4 * 1024 * 1024);
});
