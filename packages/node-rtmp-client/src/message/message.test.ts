import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkMessage } from '../chunk/chunk-message.js';
import { ChunkReader } from '../chunk/chunk-reader.js';
import { parseMessages, serializeMessage, type Message } from './message.js';
import { userControl } from './user-control.js';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

const raw = (typeId: number, payload: Uint8Array, timestamp = 0): ChunkMessage => ({
  typeId,
  streamId: 1,
  timestamp,
  payload,
});

/** One table drives both directions and the truncation test. Type ids and layouts: RTMP 1.0 §5.4, §6.2, §7.1. */
const control: readonly { message: Message; typeId: number; payload: string }[] = [
  { message: { type: 'set-chunk-size', size: 60_000 }, typeId: 1, payload: '0000ea60' },
  { message: { type: 'abort', chunkStreamId: 6 }, typeId: 2, payload: '00000006' },
  {
    message: { type: 'acknowledgement', sequenceNumber: 0xfedcba98 },
    typeId: 3,
    payload: 'fedcba98',
  },
  {
    message: { type: 'window-acknowledgement-size', size: 2_500_000 },
    typeId: 5,
    payload: '002625a0',
  },
  {
    message: { type: 'set-peer-bandwidth', size: 2_500_000, limit: 'dynamic' },
    typeId: 6,
    payload: '002625a0 02',
  },
  {
    message: userControl({ name: 'stream-begin', streamId: 1 }),
    typeId: 4,
    payload: '0000 00000001',
  },
  {
    message: userControl({ name: 'stream-eof', streamId: 1 }),
    typeId: 4,
    payload: '0001 00000001',
  },
  {
    message: userControl({ name: 'stream-dry', streamId: 1 }),
    typeId: 4,
    payload: '0002 00000001',
  },
  {
    message: userControl({ name: 'set-buffer-length', streamId: 1, milliseconds: 3000 }),
    typeId: 4,
    payload: '0003 00000001 00000bb8',
  },
  {
    message: userControl({ name: 'stream-is-recorded', streamId: 1 }),
    typeId: 4,
    payload: '0004 00000001',
  },
  {
    message: userControl({ name: 'buffer-empty', streamId: 1 }),
    typeId: 4,
    payload: '001f 00000001',
  },
  {
    message: userControl({ name: 'buffer-ready', streamId: 1 }),
    typeId: 4,
    payload: '0020 00000001',
  },
  {
    message: userControl({ name: 'ping-request', timestamp: 7 }),
    typeId: 4,
    payload: '0006 00000007',
  },
  {
    message: userControl({ name: 'ping-response', timestamp: 7 }),
    typeId: 4,
    payload: '0007 00000007',
  },
];

describe.each(control)('$message.type $message.event.name', ({ message, typeId, payload }) => {
  it('is parsed', () => {
    expect(parseMessages(raw(typeId, hex(payload)))).toEqual([message]);
  });

  it('[CTRL-01, USER-01] is serialized, on chunk stream 2 and message stream 0', () => {
    const out = serializeMessage(message);
    expect(out).toMatchObject({ chunkStreamId: 2, typeId, streamId: 0 });
    expect(Uint8Array.from(Buffer.concat(out.payload))).toEqual(hex(payload));
  });

  it('is refused when cut short', () => {
    expect(() => parseMessages(raw(typeId, hex(payload).subarray(0, 3)))).toThrow(MalformedError);
  });
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

  it('[MSG-04, USER-03] passes over what it does not know', () => {
    expect(parseMessages(raw(99, new Uint8Array(10)))).toEqual([]);
    expect(parseMessages(raw(4, hex('00ff 00000001')))).toEqual([]);
  });

  it.each([
    { name: '[CTRL-04] a chunk size of 0', message: raw(1, hex('00000000')) },
    { name: '[CTRL-04] a chunk size above 31 bits', message: raw(1, hex('80000000')) },
    { name: 'a command without a name', message: raw(20, hex('05')) },
    { name: 'a command of more than a MiB', message: raw(20, new Uint8Array(1024 * 1024 + 1)) },
  ])('refuses $name', ({ message }) => {
    expect(() => parseMessages(message)).toThrow(MalformedError);
  });
});
