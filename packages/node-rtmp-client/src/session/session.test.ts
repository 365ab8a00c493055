import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmfValue } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ChunkReader } from '../chunk/chunk-reader.js';
import { ChunkWriter } from '../chunk/chunk-writer.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { parseMessages, serializeMessage, type Message } from '../message/message.js';
import { noCapabilities } from './capabilities.js';
import type { ClientSessionEvent } from './client-event.js';
import { ClientSession } from './client-session.js';
import type { ClientStream } from './client-stream.js';
import type { StreamRequest } from './server-requests.js';
import { ServerSession } from './server-session.js';
import type { ServerSessionEvent } from './server-session-event.js';

const streamKey = 'secret-key?token=abc';
const options = {
  ...{ app: 'live', tcUrl: 'rtmp://host/live', capabilities: noCapabilities, plays: true },
};

/** Every ten bytes or so of media: small, so that the chunk headers are much of what is cut. */
const packets: EncodedPacket[] = [
  video('config', 0, 0, [1, 100, 0, 31, 255, 225]),
  audio('config', 0, [0x12, 0x10]),
  ...Array.from({ length: 12 }, (_, i) => [
    video('frame', i * 33_000 + 66_000, i * 33_000, [0, 0, 0, 2, 0x65, i]),
    audio('frame', i * 21_000, [i, i, i]),
  ]).flat(),
  // Longer than one chunk of any size in use, and beyond 24 bits of milliseconds.
  video('frame', 16_777_300_000, 16_777_260_000, new Array<number>(70_000).fill(7)),
  audio('frame', 16_777_261_000, [1]),
];

function video(
  type: 'config' | 'frame',
  pts: number,
  dts: number,
  payload: number[],
): EncodedPacket {
  const bytes = Uint8Array.from(payload);
  return { track: 'video', codec: 'h264', type, keyframe: true, pts, dts, payload: bytes };
}

function audio(type: 'config' | 'frame', pts: number, payload: number[]): EncodedPacket {
  const bytes = Uint8Array.from(payload);
  return { track: 'audio', codec: 'aac', type, keyframe: true, pts, dts: pts, payload: bytes };
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(pieces));

/** A client and a server wired to each other in memory. `cut` divides what goes over the wire. */
class Wire {
  readonly client: ClientSession;
  readonly server = new ServerSession();
  readonly clientEvents: ClientSessionEvent[] = [];
  readonly serverEvents: ServerSessionEvent[] = [];
  readonly #role: 'publish' | 'play';
  readonly #key: string;
  readonly #cut: (bytes: Uint8Array) => Uint8Array[];
  #stream: ClientStream | undefined;
  onServerEvent: (event: ServerSessionEvent) => void = () => undefined;

  constructor(
    role: 'publish' | 'play',
    cut: (bytes: Uint8Array) => Uint8Array[] = (b) => [b],
    key = streamKey,
  ) {
    this.client = new ClientSession(options);
    this.#role = role;
    this.#key = key;
    this.#cut = cut;
  }

  /** What the client publishes or plays; opened as soon as the connection stands. */
  get stream(): ClientStream {
    if (this.#stream === undefined) throw new Error('there is no stream yet');
    return this.#stream;
  }

  get isStreaming(): boolean {
    return this.#stream?.state === 'active';
  }

  #receive(bytes: Uint8Array): void {
    for (const event of this.client.receive(bytes)) {
      this.clientEvents.push(event);
      if (event.type !== 'phase' || event.phase !== 'streaming') continue;
      const streamKey = this.#key;
      this.#stream =
        this.#role === 'publish'
          ? this.client.open({ role: 'publish', streamKey, mode: 'live', body: {} })
          : this.client.open({
              ...{ role: 'play', streamKey, start: undefined, duration: undefined },
              ...{ reset: undefined, bufferMs: 1000 },
            });
    }
  }

  /** Carries bytes both ways until nobody has anything more to say. */
  run(): this {
    for (;;) {
      const up = joined(this.client.takeOutput());
      const down = joined(this.server.takeOutput());
      if (up.length + down.length === 0) return this;
      for (const bytes of this.#cut(up)) {
        this.#onServerEvents(this.server.receive(bytes));
      }
      for (const bytes of this.#cut(down)) this.#receive(bytes);
    }
  }

  #onServerEvents(events: readonly ServerSessionEvent[]): void {
    for (const event of events) {
      this.serverEvents.push(event);
      this.onServerEvent(event);
      if (event.type === 'connect') this.#onServerEvents(this.server.acceptConnect());
    }
  }

  acceptAll(): this {
    this.onServerEvent = (event) => {
      if (event.type === 'publish' || event.type === 'play') this.server.accept(event.request);
    };
    return this;
  }

  get clientError() {
    return this.clientEvents
      .map((event) =>
        event.type === 'failed' || event.type === 'stream-ended' ? event.error : undefined,
      )
      .find((error) => error !== undefined);
  }

  get serverError() {
    return this.serverEvents.find((event) => event.type === 'failed')?.error;
  }
}

/** The last publish or play that the server was asked for. */
function requestOf(wire: Wire): StreamRequest {
  const requests = wire.serverEvents.flatMap((event) =>
    event.type === 'publish' || event.type === 'play' ? [event.request] : [],
  );
  const last = requests.at(-1);
  if (last === undefined) throw new Error('nothing was asked for');
  return last;
}

/** A message as a peer would send it at any time. */
function messageBytes(message: Message, chunkSize = 60_000): Uint8Array {
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  const output: Uint8Array[] = [];
  writer.write(serializeMessage(message), output);
  return joined(output);
}

/** Payloads as text: comparing arrays of thousands of numbers takes ages. */
const comparable = (items: readonly FlvItem[]): unknown[] =>
  items.map((item) =>
    item.type === 'packet'
      ? { ...item.packet, payload: Buffer.from(item.packet.payload).toString('latin1') }
      : item,
  );

const sentItems = comparable([
  { type: 'metadata', value: { width: 1280 } },
  ...packets.map((packet): FlvItem => ({ type: 'packet', packet })),
]);

const itemsOf = (events: readonly (ClientSessionEvent | ServerSessionEvent)[]): FlvItem[] =>
  events.flatMap((event) => (event.type === 'item' ? [event.item] : []));

const everyByte = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (b) => Uint8Array.of(b));

function publishAll(wire: Wire): void {
  wire.acceptAll().run();
  expect(wire.isStreaming).toBe(true);
  wire.stream.writeMetadata({ width: 1280 });
  for (const packet of packets) wire.stream.writePacket(packet);
  wire.run();
  wire.client.close();
  wire.run();
  expect(comparable(itemsOf(wire.serverEvents))).toEqual(sentItems);
  expect(wire.serverEvents.at(-1)).toEqual({ type: 'stream-closed', streamId: 1 });
}

describe('publishing', () => {
  it('goes through its phases and brings every packet across', () => {
    const wire = new Wire('publish');
    publishAll(wire);
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
    const wire = new Wire('publish').acceptAll().run();
    wire.stream.writePacket(video('frame', 0, -66_000, [1]));
    wire.stream.writePacket(audio('frame', -20_000, [1]));
    wire.run();
    const times = itemsOf(wire.serverEvents).map(
      (i) => i.type === 'packet' && [i.packet.pts, i.packet.dts],
    );
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
          const wire = new Wire('publish').acceptAll().run();
          let dts = start;
          for (const step of steps) wire.stream.writePacket(audio('frame', (dts += step), [1]));
          wire.run();
          const times = itemsOf(wire.serverEvents).map((i) =>
            i.type === 'packet' ? i.packet.dts : NaN,
          );
          for (const [i, time] of times.entries())
            if (i > 0) expect(time).toBeGreaterThan(times[i - 1] ?? NaN);
          expect(times.length).toBe(steps.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('[USER-09, USER-10, USER-11] answers pings and has its own answered while media flows', () => {
    const wire = new Wire('publish').acceptAll().run();
    for (const packet of packets) wire.stream.writePacket(packet);
    wire.client.ping(42);
    wire.server.ping(43);
    wire.run();
    expect(wire.clientEvents).toContainEqual({ type: 'pong', timestamp: 42 });
    expect(wire.serverEvents).toContainEqual({ type: 'pong', timestamp: 43 });
  });

  it('[CTRL-11, CTRL-13] learns what has been acknowledged soon', () => {
    const wire = new Wire('publish').acceptAll().run();
    wire.stream.writePacket(video('frame', 0, 0, new Array<number>(20_000).fill(1)));
    wire.run();
    const acknowledged = wire.clientEvents.find((event) => event.type === 'acknowledged');
    expect(acknowledged?.bytes).toBeGreaterThan(20_000);
  });

  it.each([
    { server: 'NetStream.Publish.BadName', code: 'stream-busy' },
    { server: 'NetStream.Publish.Denied', code: 'publish-rejected' },
    { server: 'NetStream.Authenticate.UsernamePasswordRequired', code: 'auth-required' },
  ])('is refused with $server as $code, the key taken out of the words', ({ server, code }) => {
    const wire = new Wire('publish');
    wire.onServerEvent = (event) => {
      if (event.type !== 'publish') return;
      wire.server.reject(event.request, server, `Stream secret-key (token=abc, ${streamKey}) no.`);
    };
    wire.run();
    const error = wire.clientError;
    expect(error).toMatchObject({ code, phase: 'publish', data: { serverCode: server } });
    expect(error?.message).toContain('no.');
    const said = JSON.stringify([wire.clientEvents, error?.message]);
    expect(said).not.toMatch(/secret-key|abc/);
  });

  it.each(['Publish', 'status', 'error', 'NetStream', 'Start'])(
    'understands the server when the key is "%s", a word of RTMP',
    (key) => {
      const accepted = new Wire('publish', undefined, key).acceptAll().run();
      expect(accepted.isStreaming).toBe(true);
      const refused = new Wire('publish', undefined, key);
      refused.run();
      const request = requestOf(refused);
      refused.server.reject(request, 'NetStream.Publish.BadName', `Stream ${key} is live.`);
      expect(refused.run().clientError).toMatchObject({
        code: 'stream-busy',
        data: { reason: 'Stream ••• is live.' },
      });
    },
  );

  it('repeats of what a server says no more than can be read, and no control characters', () => {
    const wire = new Wire('publish');
    wire.onServerEvent = (event) => {
      if (event.type !== 'publish') return;
      const words = `\x1b[2Jno\r\n${'x'.repeat(10_000)}`;
      wire.server.reject(event.request, 'NetStream.Publish.Denied', words);
    };
    const reason = String(wire.run().clientError?.data['reason']);
    expect(reason).toMatch(/^ \[2Jno x+$/);
    expect(reason.length).toBe(500);
  });

  it('brings frames with NAL unit lengths of two bytes across with four', () => {
    const wire = new Wire('publish').acceptAll().run();
    wire.stream.writePacket(video('config', 0, 0, [1, 100, 0, 31, 0xfd, 0xe1]));
    wire.stream.writePacket(video('frame', 0, 0, [0, 2, 0x65, 1, 0, 1, 0x06]));
    wire.run();
    const payloads = itemsOf(wire.serverEvents).map((i) =>
      i.type === 'packet' ? [...i.packet.payload] : [],
    );
    expect(payloads).toEqual([
      [1, 100, 0, 31, 0xff, 0xe1],
      [0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 0x06],
    ]);
  });

  it('[CTRL-12] counts in its acknowledgements what came together with the handshake', () => {
    const wire = new Wire('publish');
    wire.server.receive(joined(wire.client.takeOutput()));
    const handshake = joined(wire.server.takeOutput());
    const media = messageBytes({
      ...{ type: 'video', streamId: 1, timestamp: 0 },
      body: [new Uint8Array(3_000_000)],
    });
    const first = messageBytes({ type: 'set-chunk-size', size: 60_000 });
    wire.client.receive(joined([handshake, first, media]));
    const output = new ByteQueue();
    output.push(joined(wire.client.takeOutput()));
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
    const wire = new Wire('publish').acceptAll().run();
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
    const wire = new Wire('publish').acceptAll().run();
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
    const wire = new Wire('publish');
    wire.server.receive(joined(wire.client.takeOutput()));
    wire.client.receive(joined(wire.server.takeOutput()));
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
    const wire = new Wire('publish').acceptAll().run();
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
    const wire = new Wire('play', everyByte).acceptAll().run();
    expect(wire.isStreaming).toBe(true);
    const request = requestOf(wire);
    wire.server.writeItem(request, { type: 'metadata', value: { width: 1280 } });
    for (const packet of packets) wire.server.writeItem(request, { type: 'packet', packet });
    wire.run();
    expect(comparable(itemsOf(wire.clientEvents))).toEqual(sentItems);
    wire.server.endPlayback(request);
    wire.run();
    const ends = wire.clientEvents.filter((event) => event.type === 'stream-ended');
    expect(ends).toMatchObject([{ error: undefined }]);
  });

  it('[CMD-40] is refused as stream-not-found', () => {
    const wire = new Wire('play');
    wire.onServerEvent = (event) => {
      if (event.type === 'play')
        wire.server.reject(event.request, 'NetStream.Play.StreamNotFound', '');
    };
    expect(wire.run().clientError).toMatchObject({ code: 'stream-not-found', phase: 'play' });
  });
});

describe('hostile peers', () => {
  it('an answer to what a client has asked for before does not let it have what it asks for now', () => {
    const wire = new Wire('publish').run();
    const first = requestOf(wire);
    const command = (name: string, ...values: AmfValue[]): Uint8Array =>
      messageBytes({
        type: 'command',
        streamId: 1,
        name,
        transactionId: 0,
        values: [null, ...values],
      });
    wire.serverEvents.push(...wire.server.receive(command('closeStream')));
    wire.serverEvents.push(...wire.server.receive(command('publish', 'another-key', 'live')));
    expect(requestOf(wire).streamName).toBe('another-key');
    wire.server.takeOutput();
    wire.server.accept(first);
    wire.server.reject(first, 'NetStream.Publish.Denied', 'late');
    expect(wire.server.takeOutput()).toEqual([]);
    wire.server.accept(requestOf(wire));
    expect(wire.server.takeOutput()).not.toEqual([]);
  });

  it('data that cannot be read does not end the stream', () => {
    const wire = new Wire('play').acceptAll().run();
    const output: Uint8Array[] = [];
    // An AMF3 value inside AMF0.
    const payload = [Uint8Array.of(2, 0, 1, 0x78, 0x11, 0x0a)];
    const writer = new ChunkWriter();
    writer.write({ chunkStreamId: 9, typeId: 18, streamId: 1, timestamp: 0, payload }, output);
    expect(wire.client.receive(joined(output))).toEqual([]);
    expect(wire.isStreaming).toBe(true);
  });

  it.each([
    { answer: 'HTTP/1.1 400 Bad Request\r\n', reason: 'it is a web server' },
    { answer: '<html><head>', reason: 'it is a web server' },
    { answer: '\x15\x03\x01\x00\x02\x02\x46', reason: 'it expects TLS' },
    { answer: 'SSH-2.0-OpenSSH', reason: 'it is an SSH server' },
    { answer: 'xyz', reason: 'its first byte is 120, not 3' },
  ])('[HS-09, HS-10] a server that answers $answer is not RTMP', ({ answer, reason }) => {
    const client = new ClientSession(options);
    expect(client.receive(Uint8Array.from(Buffer.from(answer, 'latin1')))).toMatchObject([
      { type: 'failed', error: { code: 'not-rtmp', phase: 'handshake', data: { reason } } },
    ]);
  });

  it('[HS-09] a client that begins with TLS or HTTP is told apart by its first byte', () => {
    for (const first of [0x16, 0x47]) {
      expect(new ServerSession().receive(Uint8Array.of(first))).toMatchObject([
        { type: 'failed', error: { code: 'not-rtmp' } },
      ]);
    }
  });

  it('garbage after the handshake ends the session, and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (garbage) => {
        for (const role of ['publish', 'play'] as const) {
          const wire = new Wire(role).acceptAll().run();
          for (const session of [wire.client, wire.server]) {
            for (const event of session.receive(garbage)) {
              if (event.type === 'failed')
                expect(event.error.code).toMatch(/protocol|closed|reject/);
            }
            session.takeOutput();
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a flood of pings is answered one for one, nothing kept', () => {
    const wire = new Wire('publish').acceptAll().run();
    for (let i = 0; i < 1000; i++) wire.client.ping(i);
    wire.run();
    expect(wire.clientEvents.filter((event) => event.type === 'pong').length).toBe(1000);
  });
});
