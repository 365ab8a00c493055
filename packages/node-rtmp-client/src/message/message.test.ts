import { describe, expect, it } from 'vitest';
import { aggregateOf, overwrittenChain } from '../../test/fixtures/amf-bombs.js';
import { hex } from '../../test/fixtures/hex.js';
import { controlFixtures, messageFixtures } from '../../test/fixtures/messages.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { serializeAmf0 } from '../amf/amf0.js';
import { serializeAmf3 } from '../amf/amf3.js';
import type { AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkMessage } from '../chunk/chunk-message.js';
import { ChunkReader } from '../chunk/chunk-reader.js';
import { serializeMessage, parseMessages as messagesIn, type Message } from './message.js';

const parseMessages = (message: ChunkMessage): Message[] => [...messagesIn(message)];

const raw = (typeId: number, payload: Uint8Array, timestamp = 0): ChunkMessage => ({
  typeId,
  streamId: 1,
  timestamp,
  payload,
});

it.each(messageFixtures)('parses $name', ({ typeId, streamId, value, bytes }) => {
  expect(parseMessages({ typeId, streamId, timestamp: 0, payload: bytes })).toEqual(value);
});

const written = messageFixtures.filter((fixture) => fixture.isOnlyRead !== true);
it.each(written)('serializes $name', ({ typeId, streamId, value, bytes }) => {
  const [message] = value;
  const out = message && serializeMessage(message);
  expect(out).toMatchObject({ typeId, streamId, timestamp: 0 });
  expect(Buffer.concat(out?.payload ?? []).toString('hex')).toBe(
    Buffer.from(bytes).toString('hex'),
  );
});

describe.each(controlFixtures)('[CTRL-01, USER-01] $name', ({ value }) => {
  it('is sent on chunk stream 2', () => {
    const [message] = value;
    expect(message && serializeMessage(message).chunkStreamId).toBe(2);
  });
});

const commands = controlFixtures.filter(({ typeId }) => typeId !== 4);
it.each(commands)('[GEN-03] refuses $name cut short', ({ typeId, bytes }) => {
  expect(() => parseMessages(raw(typeId, bytes.subarray(0, 3)))).toThrow(MalformedError);
});

const events = controlFixtures.filter(({ typeId }) => typeId === 4);
it.each(events)('passes over $name cut short, which some servers send', ({ bytes }) => {
  for (let length = 0; length < bytes.length; length++) {
    expect(parseMessages(raw(4, bytes.subarray(0, length)))).toEqual([]);
  }
});

describe('parseMessages', () => {
  it('[MSG-05] reads the connect command that ffmpeg 5.1 sends, in its two chunks', () => {
    const captured = hex(`
      0300000000008a1400000000020007636f6e6e656374003ff000000000000003000361707002000361707000047479
      706502000a6e6f6e707269766174650008666c617368566572020024464d4c452f332e302028636f6d70617469626c
      653b204c61766635392e32372e313030290005746355726c02001a72746d703a2f2f3132372e302e302e313a3338c3
      3937392f617070000009`);
    const input = new ByteQueue();
    input.push(captured);
    const chunk = new ChunkReader(input).next();
    expect(chunk && parseMessages(chunk)).toEqual([
      {
        type: 'command',
        streamId: 0,
        name: 'connect',
        transactionId: 1,
        values: [
          {
            app: 'app',
            type: 'nonprivate',
            flashVer: 'FMLE/3.0 (compatible; Lavf59.27.100)',
            tcUrl: 'rtmp://127.0.0.1:38979/app',
          },
        ],
      },
    ]);
  });

  it('[MSG-06] takes an AMF3 command for the AMF0 it holds', () => {
    const [name, number] = ['02 0004 70696e67', '00 4000000000000000'];
    expect(parseMessages(raw(17, hex(`00 ${name} ${number} 05`)))).toEqual([
      { type: 'command', streamId: 1, name: 'ping', transactionId: 2, values: [null] },
    ]);
  });

  it('[MSG-14, MSG-15, MSG-16] splits an aggregate, its time stamps counted from its own', () => {
    const tag = (type: number, time: number, body: number[]): number[] => [
      ...[type, 0, 0, body.length, 0, 0, time, 0, 9, 9, 9],
      ...body,
      ...[0, 0, 0, 11 + body.length],
    ];
    const payload = Uint8Array.from([...tag(8, 40, [1]), ...tag(9, 63, [2, 3])]);
    expect(parseMessages(raw(22, payload, 1000))).toEqual([
      { type: 'audio', streamId: 1, timestamp: 1000, body: [Uint8Array.of(1)] },
      { type: 'video', streamId: 1, timestamp: 1023, body: [Uint8Array.of(2, 3)] },
    ]);
    expect(() => parseMessages(raw(22, payload.subarray(0, 20)))).toThrow(MalformedError);
  });

  it('puts up with any size of what it passes over', () => {
    expect(parseMessages(raw(19, new Uint8Array(2 * 1024 * 1024)))).toEqual([]);
  });

  it('[MSG-16] shifts the times inside an aggregate also over the end of their 32 bits', () => {
    const tag = '08 000001 ffffff 7f 000000 01 0000000c';
    const later = '08 000001 000005 80 000000 02 0000000c';
    const times = parseMessages(raw(22, hex(tag + later), 0xfffffffe)).map((message) =>
      message.type === 'audio' ? message.timestamp : undefined,
    );
    expect(times).toEqual([0xfffffffe, 4]);
  });

  it('takes data for nothing that holds itself, or the same a billion times', () => {
    expect(parseMessages(raw(18, hex('02 0001 61 0a 00000001 07 0000')))).toEqual([]);
    let value: AmfValue[] = [1];
    for (let i = 0; i < 30; i++) value = [value, value];
    const bytes = serializeAmf0([value]);
    expect(bytes.length).toBeLessThan(300);
    expect(parseMessages(raw(18, bytes))).toEqual([]);
  });

  it('survives metadata in which 5,000 arrays hold one another by reference', () => {
    expect(parseMessages(raw(18, overwrittenChain(5000)))).toEqual([]);
  });

  it('hands out no metadata that could not be written again', () => {
    const nested = (levels: number) => `${'0a00000001'.repeat(levels)}05`;
    expect(parseMessages(raw(18, hex(nested(33))))).toEqual([]);
    const readable = parseMessages(raw(18, hex(nested(32))));
    expect(readable.map((message) => serializeMessage(message).typeId)).toEqual([18]);
    // Each less than is allowed, and one within the other by reference.
    const half = nested(20);
    expect(
      parseMessages(raw(18, hex(`0a00000002${half}${'0a00000001'.repeat(20)}070001`))),
    ).toEqual([]);
    const key = 'k'.repeat(0x10000);
    const long = serializeAmf3([{ [key]: 1 }]);
    expect(parseMessages(raw(18, Buffer.concat([hex('11'), long])))).toEqual([]);
  });

  it('gives the messages of an aggregate the limits of one together', () => {
    const text = serializeAmf0(['x'.repeat(100_000)]);
    expect(parseMessages(raw(22, aggregateOf(2000, 18, serializeAmf0([1, 2, 3]))))).toHaveLength(
      2000,
    );
    expect(parseMessages(raw(22, aggregateOf(60, 18, text))).length).toBeLessThan(50);
    const objects = Buffer.from('03000009'.repeat(20_000), 'hex');
    expect(parseMessages(raw(22, aggregateOf(3, 18, objects)))).toHaveLength(1);
    const call = Buffer.concat([hex('020001 61 00 0000000000000000'), objects]);
    expect(() => parseMessages(raw(22, aggregateOf(3, 20, call)))).toThrow(MalformedError);
  });

  it('takes no trouble over data where none is taken, whatever it is', () => {
    const data = new Uint8Array(1024 * 1024 + 1);
    const aggregate = aggregateOf(1, 15, data);
    expect([...messagesIn(raw(18, data), false)]).toEqual([]);
    expect([...messagesIn(raw(22, aggregate), false)]).toEqual([]);
    expect(() => parseMessages(raw(18, data))).toThrow(MalformedError);
  });

  it('parses the messages of an aggregate only when they are asked for', () => {
    const [first] = messagesIn(raw(22, hex('08 000001 000000 00 000000 07 0000000c ff')));
    expect(first).toMatchObject({ type: 'audio' });
  });

  it('[MSG-04, USER-03] passes over what it does not know', () => {
    expect(parseMessages(raw(99, new Uint8Array(10)))).toEqual([]);
    expect(parseMessages(raw(4, hex('00ff 00000001')))).toEqual([]);
  });

  it.each([
    { name: '[CTRL-04] a chunk size of 0', message: raw(1, hex('00000000')) },
    { name: '[CTRL-04] a chunk size above 31 bits', message: raw(1, hex('80000000')) },
    { name: 'a command without a name', message: raw(20, hex('05')) },
    { name: 'an aggregate of too many messages', message: raw(22, new Uint8Array(15 * 32_769)) },
    { name: 'a command of more than a MiB', message: raw(20, new Uint8Array(1024 * 1024 + 1)) },
  ])('refuses $name', ({ message }) => {
    expect(() => parseMessages(message)).toThrow(MalformedError);
  });
});
