import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageBytes } from '../../test/support/message-bytes.js';
import {
  audioConfig,
  audioPacket,
  byByte,
  joined,
  SessionWire,
  videoConfig,
  videoPacket,
} from '../../test/support/session-wire.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ChunkReader } from '../chunk/chunk-reader.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';
import { parseMessages, type Message } from '../message/message.js';
import { noCapabilities } from './capabilities.js';

const streamKey = 'secret-key?token=abc';

const packets: readonly EncodedPacket[] = [
  videoPacket('config', 0, videoConfig),
  audioPacket('config', 0, audioConfig),
  ...Array.from({ length: 12 }, (_, i) => [
    videoPacket('frame', i * 33_000, [0, 0, 0, 2, 0x65, i]),
    audioPacket('frame', i * 21_000, [i, i, i]),
  ]).flat(),
  // Longer than one chunk of any size in use, and beyond 24 bits of milliseconds.
  videoPacket('frame', 16_777_260_000, new Array<number>(70_000).fill(7)),
  audioPacket('frame', 16_777_261_000, [1]),
];
const items: readonly FlvItem[] = [
  { type: 'metadata', value: { width: 1280 } },
  ...packets.map((packet): FlvItem => ({ type: 'packet', packet })),
];

const publishing = (): SessionWire => new SessionWire({ role: 'publish', streamKey }).run();

/** A client whose request is refused in the server's words. */
const refused = (
  role: 'publish' | 'play',
  code: string,
  description: string,
  key = streamKey,
): SessionWire =>
  new SessionWire({
    ...{ role, streamKey: key },
    onRequest: (request, server) => server.reject(request, code, description),
  }).run();

describe('a client that declares nothing of Enhanced RTMP', () => {
  it('publishes', () => {
    const wire = new SessionWire({ role: 'publish', capabilities: noCapabilities }).run();
    for (const item of items) wire.stream.writeItem(item);
    expect(wire.run().items).toEqual(items);
  });

  it('plays', () => {
    const wire = new SessionWire({ role: 'play', capabilities: noCapabilities }).run();
    for (const item of items) wire.play(item);
    expect(wire.run().items).toEqual(items);
  });
});

describe('publishing', () => {
  it('goes through its phases and brings every packet across', () => {
    const wire = publishing();
    for (const item of items) wire.stream.writeItem(item);
    wire.run();
    wire.client.close();
    wire.run();
    expect(wire.items).toEqual(items);
    expect(wire.serverEvents.at(-1)).toEqual({ type: 'stream-closed', streamId: 1 });
    expect(wire.clientEvents.flatMap((e) => (e.type === 'phase' ? [e.phase] : []))).toEqual([
      'connect',
      'streaming',
    ]);
    expect(wire.serverEvents.find((e) => e.type === 'publish')).toEqual({
      type: 'publish',
      request: {
        ...{ streamId: 1, app: 'live', streamName: 'secret-key', query: 'token=abc' },
        mode: 'live',
      },
    });
  });

  it('[TIME-01] shifts a stream that begins before zero, both tracks alike', () => {
    const wire = publishing();
    wire.stream.writePacket(videoPacket('frame', -66_000, [1]));
    wire.stream.writePacket(audioPacket('frame', -20_000, [1]));
    wire.run();
    const times = wire.items.map((i) => i.type === 'packet' && [i.packet.pts, i.packet.dts]);
    expect(times).toEqual([
      [66_000, 0],
      [46_000, 46_000],
    ]);
  });

  it('[TIME-04] keeps decode times strictly rising when they rise by a millisecond or more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.array(fc.integer({ min: 1000, max: 50_000 }), { minLength: 1, maxLength: 30 }),
        (start, steps) => {
          const wire = publishing();
          let dts = start;
          for (const step of steps)
            wire.stream.writePacket(audioPacket('frame', (dts += step), [1]));
          wire.run();
          const times = wire.items.map((i) => (i.type === 'packet' ? i.packet.dts : NaN));
          for (const [i, time] of times.entries())
            if (i > 0) expect(time).toBeGreaterThan(times[i - 1] ?? NaN);
          expect(times.length).toBe(steps.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('[USER-09, USER-10, USER-11] answers pings and has its own answered while media flows', () => {
    const wire = publishing();
    for (const packet of packets) wire.stream.writePacket(packet);
    wire.client.ping(42);
    wire.server.ping(43);
    wire.run();
    expect(wire.clientEvents).toContainEqual({ type: 'pong', timestamp: 42 });
    expect(wire.serverEvents).toContainEqual({ type: 'pong', timestamp: 43 });
  });

  it('[CTRL-11, CTRL-13] learns what has been acknowledged soon', () => {
    const wire = publishing();
    wire.stream.writePacket(videoPacket('frame', 0, new Array<number>(20_000).fill(1)));
    wire.run();
    const acknowledged = wire.clientEvents.find((event) => event.type === 'acknowledged');
    expect(acknowledged?.bytes).toBeGreaterThan(20_000);
  });

  it.each([
    { server: 'NetStream.Publish.BadName', code: 'stream-busy' },
    { server: 'NetStream.Publish.Denied', code: 'publish-rejected' },
    { server: 'NetStream.Authenticate.UsernamePasswordRequired', code: 'auth-required' },
  ])('is refused with $server as $code, the key taken out of the words', ({ server, code }) => {
    const words = `Stream secret-key (token=abc, ${streamKey}) no.`;
    const wire = refused('publish', server, words);
    const error = wire.clientError;
    expect(error).toMatchObject({ code, phase: 'publish', data: { serverCode: server } });
    expect(error?.message).toContain('no.');
    const said = JSON.stringify([wire.clientEvents, error?.message]);
    expect(said).not.toMatch(/secret-key|abc/);
  });

  it.each(['Publish', 'status', 'error', 'NetStream', 'Start'])(
    'understands the server when the key is "%s", a word of RTMP',
    (key) => {
      const accepted = new SessionWire({ role: 'publish', streamKey: key }).run();
      expect(accepted.isStreaming).toBe(true);
      const words = `Stream ${key} is live.`;
      const { clientError } = refused('publish', 'NetStream.Publish.BadName', words, key);
      expect(clientError).toMatchObject({
        code: 'stream-busy',
        data: { reason: 'Stream *** is live.' },
      });
    },
  );

  it('repeats of what a server says no more than can be read, and no control characters', () => {
    const words = `\x1b[2Jno\r\n${'x'.repeat(10_000)}`;
    const { clientError } = refused('publish', 'NetStream.Publish.Denied', words);
    const reason = String(clientError?.data['reason']);
    expect(reason).toMatch(/^ \[2Jno x+$/);
    expect(reason.length).toBe(500);
  });

  it('brings frames with NAL unit lengths of two bytes across with four', () => {
    const wire = publishing();
    wire.stream.writePacket(videoPacket('config', 0, [1, 100, 0, 31, 0xfd, 0xe1]));
    wire.stream.writePacket(videoPacket('frame', 0, [0, 2, 0x65, 1, 0, 1, 0x06]));
    wire.run();
    const payloads = wire.items.map((i) => (i.type === 'packet' ? [...i.packet.payload] : []));
    expect(payloads).toEqual([
      [1, 100, 0, 31, 0xff, 0xe1],
      [0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 0x06],
    ]);
  });

  it('[CTRL-12] counts in its acknowledgements what came together with the handshake', () => {
    const wire = new SessionWire({ role: 'publish' });
    wire.server.receive(joined(wire.client.drainOutput()));
    const handshake = joined(wire.server.drainOutput());
    const media = messageBytes({
      ...{ type: 'video', streamId: 1, timestamp: 0 },
      body: [new Uint8Array(3_000_000)],
    });
    const first = messageBytes({ type: 'set-chunk-size', size: 60_000 });
    wire.client.receive(joined([handshake, first, media]));
    const output = new ByteQueue();
    output.push(joined(wire.client.drainOutput()));
    output.skip(1536);
    const reader = new ChunkReader(output);
    const messages: Message[] = [];
    for (let chunk = reader.next(); chunk !== undefined; chunk = reader.next()) {
      for (const message of parseMessages(chunk)) {
        if (message.type === 'set-chunk-size') reader.chunkSize = message.size;
        messages.push(message);
      }
    }
    expect(messages.at(-1)).toEqual({
      type: 'acknowledgement',
      sequenceNumber: first.length + media.length,
    });
  });

  it('[CMD-33] hears of a refusal that comes after the start', () => {
    const wire = publishing();
    const status = { level: 'error', code: 'NetStream.Publish.BadName', description: 'late' };
    const bytes = messageBytes({
      ...{ type: 'command', streamId: 1, name: 'onStatus', transactionId: 0 },
      values: [null, status],
    });
    expect(wire.client.receive(bytes)).toMatchObject([
      { type: 'status', status },
      { type: 'stream-ended', error: { code: 'stream-busy', phase: 'streaming' } },
    ]);
  });

  it('passes on a request to reconnect, and keeps streaming', () => {
    const wire = publishing();
    const code = 'NetConnection.Connect.ReconnectRequest';
    const bytes = messageBytes({
      ...{ type: 'command', streamId: 0, name: 'onStatus', transactionId: 0 },
      values: [null, { level: 'status', code, tcUrl: 'rtmp://other/live' }],
    });
    const events = wire.client.receive(bytes);
    expect(events.at(-1)).toEqual({
      ...{ type: 'reconnect-request', tcUrl: 'rtmp://other/live', description: '' },
    });
    expect(wire.isStreaming).toBe(true);
  });

  it.each([
    {
      description: '[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ',
      code: 'auth-required',
    },
    { description: 'Application not found', code: 'connect-rejected' },
  ])('is refused the application as $code', ({ description, code }) => {
    const wire = new SessionWire({ role: 'publish' });
    wire.server.receive(joined(wire.client.drainOutput()));
    wire.client.receive(joined(wire.server.drainOutput()));
    const bytes = messageBytes(
      {
        ...{ type: 'command', streamId: 0, name: '_error', transactionId: 1 },
        values: [null, { level: 'error', code: 'NetConnection.Connect.Rejected', description }],
      },
      128,
    );
    expect(wire.client.receive(bytes).at(-1)).toMatchObject({
      type: 'failed',
      error: { code, phase: 'connect', data: { reason: description } },
    });
  });

  it('[CMD-30] does not care that a server knows neither releaseStream nor FCPublish', () => {
    const wire = publishing();
    for (const transactionId of [2, 3, 99]) {
      const message = {
        type: 'command',
        streamId: 0,
        name: '_error',
        transactionId,
        values: [null],
      } as const;
      expect(wire.client.receive(messageBytes(message))).toEqual([]);
    }
    expect(wire.isStreaming).toBe(true);
  });
});

describe('playing', () => {
  it('[USER-05] brings every packet across until the stream ends', () => {
    const wire = new SessionWire({ role: 'play', cutUp: byByte, cutDown: byByte }).run();
    expect(wire.isStreaming).toBe(true);
    for (const item of items) wire.play(item);
    wire.run();
    expect(wire.items).toEqual(items);
    wire.server.endPlayback(wire.request);
    wire.run();
    const ends = wire.clientEvents.filter((event) => event.type === 'stream-ended');
    expect(ends).toMatchObject([{ error: undefined }]);
  });

  it('[CMD-40] is refused as stream-not-found', () => {
    const { clientError } = refused('play', 'NetStream.Play.StreamNotFound', '');
    expect(clientError).toMatchObject({ code: 'stream-not-found', phase: 'play' });
  });
});
