import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  parseRtmpUrl,
  play,
  publish,
  RtmpError,
  RtmpServer,
  type Deadlines,
  type FlvItem,
  type RtmpIngest,
  type RtmpServerLimits,
} from '../src/index.js';
import { ServerSession } from '../src/session/server-session.js';
import { aggregateOf, doubledArrays, overwrittenChain } from './fixtures/amf-bombs.js';
import { SessionWire, videoConfig, videoPacket } from './support/session-wire.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const mebibyte = 1024 * 1024;
const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);

/** A chunk with a header of type 0. */
function chunk(id: number, typeId: number, length: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(14);
  // The form of three bytes takes any number from 64 on.
  header.set([1, (id - 64) & 0xff, (id - 64) >> 8]);
  header.writeUIntBE(length, 6, 3);
  header[9] = typeId;
  return Buffer.concat([header, payload]);
}

interface Victim {
  readonly port: number;
  /** How the first connection that did not end in order ended. */
  readonly failed: Promise<RtmpError>;
  readonly ingests: RtmpIngest[];
}

async function victim(limits: RtmpServerLimits = {}): Promise<Victim> {
  let fail: (error: RtmpError) => void = () => undefined;
  const failed = new Promise<RtmpError>((resolve) => {
    fail = resolve;
  });
  const ingests: RtmpIngest[] = [];
  const server = new RtmpServer(
    {
      onPublish: (ingest) => {
        ingests.push(ingest);
        ingest.accept();
      },
      onError: fail,
    },
    { limits },
  );
  stops.push(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { port, failed, ingests };
}

async function attack(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  stops.push(() => socket.destroy());
  // To be thrown out is what these connections are for.
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  return socket;
}

/** Writes all that `pieces` has to give, until the other end has had enough. */
async function flood(socket: Socket, pieces: Iterable<Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (socket.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        socket.off('drain', go).off('close', go);
        resolve();
      };
      socket.on('drain', go).on('close', go);
    });
  }
}

/** What a client of ours would say from the handshake on, until it publishes. */
function publishing(): Buffer {
  const pieces: Uint8Array[] = [];
  const record = (bytes: Uint8Array): Uint8Array[] => {
    pieces.push(bytes);
    return [bytes];
  };
  new SessionWire({ role: 'publish', cutUp: record }).run();
  return Buffer.concat(pieces);
}

describe('a server whose client', () => {
  it('sends a byte now and then loses it when its time to settle is over', async () => {
    const { port, failed } = await victim({ settleMs: 300 });
    const socket = await attack(port);
    let sent = 0;
    const timer = setInterval(() => socket.write(handshake.subarray(sent, ++sent)), 10);
    stops.push(() => clearInterval(timer));
    // Not `once` of node:events: being thrown out shows as an error here, and is what is hoped for.
    const closed = new Promise((resolve) => socket.on('close', resolve));
    expect(await failed).toMatchObject({ code: 'timeout', phase: 'handshake' });
    await closed;
    expect(sent).toBeLessThan(handshake.length);
  });

  it('announces a message that is too long does not wait for its end', async () => {
    const { port, failed } = await victim();
    const socket = await attack(port);
    socket.write(Buffer.concat([handshake, chunk(64, 9, 0xffffff, Buffer.alloc(128))]));
    expect(await failed).toMatchObject({ code: 'protocol', phase: 'connect' });
  });

  it('never ends the messages that it begins stops it at the limit of what is unfinished', async () => {
    const { port, failed } = await victim();
    const socket = await attack(port);
    const before = process.memoryUsage().arrayBuffers;
    const part = Buffer.alloc(60_000);
    function* endless(): Generator<Uint8Array> {
      // 60 chunk streams that each promise 8 MiB, and get no further than 480,000 bytes.
      yield Buffer.concat([handshake, chunk(64, 1, 4, Buffer.from([0, 0, 0xea, 0x60]))]);
      for (let id = 65; id < 125; id++) yield chunk(id, 9, 8 * mebibyte, part);
      for (let round = 0; round < 7; round++) {
        for (let id = 65; id < 125; id++) yield Buffer.concat([Buffer.of(0xc0, id - 64), part]);
      }
    }
    await flood(socket, endless());
    expect(await failed).toMatchObject({ code: 'protocol' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(96 * mebibyte);
  });

  it('opens 65,536 chunk streams is stopped at the limit of chunk streams', async () => {
    const { port, failed } = await victim();
    const socket = await attack(port);
    const before = process.memoryUsage().arrayBuffers;
    function* many(): Generator<Uint8Array> {
      yield handshake;
      for (let id = 64; id <= 65_599; id++) yield chunk(id, 9, 1000, Buffer.alloc(128));
    }
    await flood(socket, many());
    expect(await failed).toMatchObject({ code: 'protocol' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * mebibyte);
  });

  it('nests AMF values without end is refused', async () => {
    const { port, failed } = await victim();
    const socket = await attack(port);
    const nested = Buffer.from(`0200077b7d${'0a00000001'.repeat(10_000)}`, 'hex');
    const message = [chunk(64, 1, 4, Buffer.from([0, 0, 0xea, 0x60]))];
    message.push(chunk(65, 20, nested.length, nested));
    socket.write(Buffer.concat([handshake, ...message]));
    expect(await failed).toMatchObject({ code: 'protocol', phase: 'connect' });
  });

  const doubled = doubledArrays(22);
  it.each([
    {
      name: 'one array in another 5,000 times by reference',
      typeId: 18,
      body: overwrittenChain(5000),
    },
    { name: 'arrays of four million values in 175 bytes', typeId: 18, body: doubled },
    {
      name: 'such arrays in each of 30,000 messages of one',
      typeId: 22,
      body: aggregateOf(30_000, 18, doubled),
    },
  ])('sends $name leaves it as it was, connected or not', async ({ typeId, body }) => {
    const { port, ingests } = await victim();
    const big = chunk(64, 1, 4, Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    const bomb = chunk(65, typeId, body.length, body);
    (await attack(port)).write(Buffer.concat([handshake, big, bomb]));
    const socket = await attack(port);
    // The message stream that the server gave.
    bomb[10] = 1;
    const frame = chunk(66, 9, 10, Buffer.from('27010000000000000161', 'hex'));
    frame[10] = 1;
    socket.write(Buffer.concat([publishing(), big, bomb, frame]));
    const ingest = await arrival(ingests);
    const next: IteratorResult<FlvItem, unknown> =
      await ingest.items[Symbol.asyncIterator]().next();
    expect(next.value).toMatchObject({ type: 'packet', packet: { codec: 'h264', type: 'frame' } });
  });

  it.each([
    { size: 1, bytes: [0, 0, 0, 1] },
    { size: 2 ** 31 - 1, bytes: [0x7f, 0xff, 0xff, 0xff] },
  ])('sets a chunk size of $size is understood', async ({ size, bytes }) => {
    const { port, ingests } = await victim();
    const socket = await attack(port);
    const opening = publishing();
    socket.write(opening);
    const frame = Buffer.from('2701000000000000016100', 'hex');
    const header = chunk(64, 9, frame.length, Buffer.alloc(0));
    // The message stream that the server gave.
    header[10] = 1;
    const [first, ...others] = frame;
    const split = Buffer.from([first ?? 0, ...others.flatMap((byte) => [0xc0, 0, byte])]);
    socket.write(Buffer.concat([chunk(65, 1, 4, Buffer.from(bytes)), header]));
    socket.write(size === 1 ? split : frame);
    const ingest = await arrival(ingests);
    const next: IteratorResult<FlvItem, unknown> =
      await ingest.items[Symbol.asyncIterator]().next();
    expect(next.value).toMatchObject({ type: 'packet', packet: { codec: 'h264', type: 'frame' } });
  });
});

async function arrival(ingests: readonly RtmpIngest[]): Promise<RtmpIngest> {
  for (;;) {
    const [ingest] = ingests;
    if (ingest !== undefined) return ingest;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How far a server goes before it falls silent. */
type Silence = 'handshake' | 'S2' | 'connect' | 'createStream' | 'publish' | 'never';

interface ScriptedServer {
  readonly port: number;
  readonly received: () => number;
}

/** A server that answers up to a point, by the session's rules, and then takes everything and says nothing. */
async function scripted(
  silence: Silence,
  send: (socket: Socket, bytes: Uint8Array) => void = (socket, bytes) => socket.write(bytes),
): Promise<ScriptedServer> {
  let received = 0;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    stops.push(() => socket.destroy());
    const session = new ServerSession();
    let isSilent = silence === 'handshake';
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        received += bytes.length;
        const events = isSilent ? [] : session.receive(new Uint8Array(bytes));
        for (const event of events) {
          if (event.type === 'connect' && silence !== 'connect') session.acceptConnect();
          if (silence === 'createStream' && event.type === 'connect') isSilent = true;
          if (silence === 'never' && (event.type === 'publish' || event.type === 'play')) {
            session.accept(event.request);
          }
        }
        const output = Buffer.concat(session.drainOutput());
        if (silence === 'S2') isSilent = true;
        send(socket, silence === 'S2' ? output.subarray(0, 1 + 1536 + 700) : output);
      });
  });
  stops.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, received: () => received };
}

const soon: Deadlines = { handshake: 250, connect: 250, publish: 250, play: 250 };

describe('a client whose server', () => {
  it.each([
    { silence: 'handshake', phase: 'handshake' },
    { silence: 'S2', phase: 'handshake' },
    { silence: 'connect', phase: 'connect' },
    { silence: 'createStream', phase: 'publish' },
    { silence: 'publish', phase: 'publish' },
  ] as const)('falls silent at $silence gives up in phase $phase', async ({ silence, phase }) => {
    const { port } = await scripted(silence);
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    const phases: string[] = [];
    const opening = { address, streamKey: 'key', deadlines: soon };
    const failure = publish({ ...opening, onPhase: ({ phase }) => phases.push(phase) });
    await expect(failure).rejects.toMatchObject({ code: 'timeout', phase });
    expect(phases.at(-1)).toBe(phase);
    const playing = play(opening);
    const playPhase = phase === 'publish' ? 'play' : phase;
    await expect(playing).rejects.toMatchObject({ code: 'timeout', phase: playPhase });
  });

  it('sends byte by byte is understood', async () => {
    const { port } = await scripted('never', (socket, bytes) => {
      for (const byte of bytes) socket.write(Uint8Array.of(byte));
    });
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    const publisher = await publish({ address, streamKey: 'key' });
    await publisher.write(videoPacket('config', 0, videoConfig));
    await publisher.close();
  });

  it.each([
    { name: 'an acknowledgement window of 0', typeId: 5, payload: [0, 0, 0, 0] },
    { name: 'a peer bandwidth of 0, dynamic', typeId: 6, payload: [0, 0, 0, 0, 2] },
  ])('asks for $name is not flooded with answers', async ({ typeId, payload }) => {
    let sockets: Socket[] = [];
    const { port, received } = await scripted('never', (socket, bytes) => {
      sockets = [socket];
      socket.write(bytes);
    });
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    const publisher = await publish({ address, streamKey: 'key' });
    const before = received();
    const nonsense = Buffer.concat([
      chunk(64, typeId, payload.length, Buffer.from(payload)),
      // 1000 pongs that nobody asked for.
      ...Array.from({ length: 1000 }, () => chunk(64, 4, 6, Buffer.from([0, 7, 0, 0, 0, 0]))),
    ]);
    for (const socket of sockets) socket.write(nonsense);
    for (let i = 0; i < 10; i++) await publisher.write(videoPacket('frame', i, [0, 0, 0, 1, 0x65]));
    await publisher.close();
    expect(received() - before).toBeGreaterThan(100);
    expect(received() - before).toBeLessThan(nonsense.length);
  });

  it('announces a message that is too long is left', async () => {
    const { port } = await scripted('publish', (socket, bytes) => {
      socket.write(bytes);
      socket.write(chunk(64, 9, 0xffffff, Buffer.alloc(10)));
    });
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
    const failure = await publish({ address, streamKey: 'key' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RtmpError);
    expect(failure).toMatchObject({ code: 'protocol' });
  });
});
