import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../src/bytes/byte-queue.js';
import { ChunkReader } from '../../src/chunk/chunk-reader.js';
import { ChunkWriter } from '../../src/chunk/chunk-writer.js';
import { parseMessages } from '../../src/message/message.js';
import { serializeCapabilities, noCapabilities } from '../../src/session/capabilities.js';
import { StreamItemReader } from '../../src/session/stream-items.js';
import { ClientUnderTest, publishing } from './client-under-test.js';
import { filled, hex, joined, rawChunks } from './raw-chunks.js';
import type { RawMessage } from './raw-peer.js';
import { ServerUnderTest } from './server-under-test.js';

describe('messages', () => {
  it('[MSG-01, CHUNK-10, CHUNK-11] have a type of one byte, three of length, four of time, and a stream', () => {
    const message = { typeId: 255, streamId: 0xfedcba, timestamp: 0xfffffffe };
    const output: Uint8Array[] = [];
    const payload = [filled(0xfffe)];
    const writer = new ChunkWriter();
    writer.chunkSize = 0x10000;
    writer.write({ ...message, chunkStreamId: 9, payload }, output);
    const bytes = joined(...output);
    expect(bytes.subarray(0, 16)).toEqual(hex('09 ffffff 00fffe ff badcfe00 fffffffe'));
    const input = new ByteQueue();
    const reader = new ChunkReader(input);
    reader.chunkSize = 0x10000;
    input.push(bytes);
    expect(reader.next()).toMatchObject(message);
    expect(rawChunks(hex('09 000001 000001 08 badcfe00 07'))[0]?.streamId).toBe(0xfedcba);
  });

  it('[MSG-17] in an aggregate have their size behind them, on which nothing depends', () => {
    const tag = '08 000001 000000 00 000000 07';
    for (const sizes of [
      ['0000000c', '0000000c'],
      ['00000000', 'ffffffff'],
      ['0000000c', ''],
    ]) {
      const payload = hex(sizes.map((size) => tag + size).join(''));
      const aggregate = { typeId: 22, streamId: 1, timestamp: 5, payload };
      expect([...parseMessages(aggregate)]).toHaveLength(2);
    }
  });

  it('[TIME-02] go on when their time runs over, and when it falls a little at that moment', () => {
    const items = new StreamItemReader();
    const timeOf = (timestamp: number): number => {
      const [item] = items.read({ type: 'audio', streamId: 1, timestamp, body: [hex('af0121')] });
      return item?.type === 'packet' ? item.packet.dts / 1000 : NaN;
    };
    expect([0xfffffff0, 0x10, 0xfffffff8, 0x20, 0x60000000, 0xc0000000, 4].map(timeOf)).toEqual([
      0xfffffff0,
      2 ** 32 + 0x10,
      0xfffffff8,
      2 ** 32 + 0x20,
      2 ** 32 + 0x60000000,
      2 ** 32 + 0xc0000000,
      2 ** 33 + 4,
    ]);
  });
});

describe('capabilities', () => {
  it('[ERTMP-14] of a player that shows HDR are bits of videoFunction', () => {
    const object = serializeCapabilities({ ...noCapabilities, videoFunction: 1 | 2 | 4 });
    expect(object).toEqual({ videoFunction: 7 });
  });
});

describe('our client and our server', () => {
  it('[CMD-54] publish in the order of the worked example', () => {
    const client = new ClientUnderTest();
    const server = new ServerUnderTest().shakeHandsAsClient();
    client.shakeHandsAsServer();
    const said: string[] = [];
    const carry = (): void => {
      for (;;) {
        const up = client.take();
        for (const message of up) forward(message, server);
        if (server.events.at(-1)?.type === 'connect') server.session.acceptConnect();
        const last = server.events.at(-1);
        if (last?.type === 'publish') server.session.accept(last.request);
        const down = server.take();
        for (const message of down) forward(message, client);
        if (up.length + down.length === 0) return;
      }
    };
    const forward = (message: RawMessage, to: ClientUnderTest | ServerUnderTest): void => {
      const [name] = message.values;
      const what = typeof name === 'string' ? name : message.typeId;
      said.push(`${to === server ? '>' : '<'}${what}`);
      to.send(message.typeId, message.payload, { streamId: message.streamId });
    };
    carry();
    const stream = client.session.open(publishing);
    carry();
    stream.writeMetadata({ width: 1280 });
    const timed = { type: 'frame', keyframe: true, pts: 0, dts: 0, payload: filled(3) } as const;
    stream.writePacket({ track: 'audio', codec: 'aac', ...timed });
    stream.writePacket({ track: 'video', codec: 'h264', ...timed });
    carry();
    client.session.close();
    carry();
    const worked = [
      ...['>connect', '<5', '<6', '<4', '<_result'],
      ...['>createStream', '<_result', '>publish', '<4', '<onStatus'],
      ...['>@setDataFrame', '>8', '>9', '>deleteStream'],
    ];
    let from = 0;
    for (const step of worked) {
      const at = said.indexOf(step, from);
      expect(at, `${step} after ${said.slice(0, from).join(' ')}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
    // The client's own window comes in answer to the peer bandwidth.
    expect(said.slice(said.indexOf('<6'))).toContain('>5');
    expect(server.events.flatMap((e) => (e.type === 'item' ? [e.item.type] : []))).toEqual([
      ...['metadata', 'packet', 'packet'],
    ]);
  });
});
