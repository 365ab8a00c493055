import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import {
  parseRtmpUrl,
  publish,
  RtmpServer,
  type EncodedPacket,
  type RtmpError,
  type RtmpIngest,
  type RtmpServerLimits,
} from '../src/index.js';

let server: RtmpServer | undefined;
const sockets = new Set<Socket>();
const children = new Set<ChildProcess>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const child of children) child.kill('SIGKILL');
  await server?.close();
  server = undefined;
});

interface Served {
  readonly port: number;
  /** The first connection that ended otherwise than in order. */
  readonly failed: Promise<RtmpError>;
  readonly ingests: RtmpIngest[];
  bytes: number;
}

/** A server with limits, that takes every ingest. */
async function serve(
  limits: RtmpServerLimits,
  take?: (ingest: RtmpIngest) => void,
): Promise<Served> {
  let fail: (error: RtmpError) => void = () => undefined;
  const failed = new Promise<RtmpError>((resolve) => {
    fail = resolve;
  });
  const served = { failed, ingests: [] as RtmpIngest[], bytes: 0 };
  server = new RtmpServer(
    {
      onPublish: (ingest) => {
        served.ingests.push(ingest);
        if (take !== undefined) take(ingest);
        else {
          ingest.accept((item) => {
            served.bytes += item.type === 'packet' ? item.packet.payload.length : 0;
          });
        }
      },
      onError: fail,
    },
    { limits },
  );
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return Object.assign(served, { port });
}

async function open(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.add(socket.on('error', () => undefined));
  await once(socket, 'connect');
  return socket;
}

/** True when the server answers a handshake, false when it closes the connection. */
async function isServed(socket: Socket): Promise<boolean> {
  socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(1536)]));
  return await Promise.race([
    once(socket, 'data').then(() => true),
    once(socket, 'close').then(() => false),
  ]);
}

const publisherTo = ({ port }: Served, streamKey = 'key') =>
  publish({ address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`), streamKey });

const packet = (time: number, bytes: number): EncodedPacket => ({
  ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true },
  ...{ pts: time, dts: time, payload: new Uint8Array(bytes) },
});

describe('connections', () => {
  it('no more at a time than it may have', async () => {
    const served = await serve({ maxConnections: 2 });
    const publishers = [await publisherTo(served, 'one'), await publisherTo(served, 'two')];
    expect(await isServed(await open(served.port))).toBe(false);
    expect(await served.failed).toMatchObject({ code: 'refused', phase: 'tcp' });
    for (const publisher of publishers) await publisher.write(packet(0, 100));
    await until('what they publish', () => served.bytes === 200);
  });

  it('no more from one address, as long as they last', async () => {
    const served = await serve({ maxConnectionsPerAddress: 1 });
    const { port, failed } = served;
    const publisher = await publisherTo(served);
    expect(await isServed(await open(port))).toBe(false);
    expect(await failed).toMatchObject({ code: 'refused', phase: 'tcp' });
    expect(await isServed(await open(port, '127.0.0.2'))).toBe(true);
    await publisher.close();
    // The server hears of the end some time after us.
    for (;;) if (await isServed(await open(port))) break;
  });

  it('those that do nothing give way, the oldest first', async () => {
    const served = await serve({ maxConnections: 3 });
    const { port, failed } = served;
    const publisher = await publisherTo(served);
    const [older, newer] = [await open(port), await open(port)];
    const gone = once(older, 'close');
    expect([await isServed(newer), await isServed(await open(port))]).toEqual([true, true]);
    await gone;
    expect(newer.destroyed).toBe(false);
    expect(await failed).toMatchObject({ code: 'refused', phase: 'tcp' });
    await publisher.write(packet(0, 100));
    await until('what is published', () => served.bytes === 100);
  });
});

describe('what a publisher sends', () => {
  it('no larger message than allowed', async () => {
    const served = await serve({ maxMessageBytes: 100_000 });
    const publisher = await publisherTo(served);
    await publisher.write(packet(0, 99_000));
    await publisher.write(packet(0, 101_000));
    expect(await served.failed).toMatchObject({ code: 'protocol', phase: 'streaming' });
    expect((await publisher.closed)?.code).toMatch(/closed|reset/);
    expect(served.bytes).toBe(99_000);
  });

  it('on no more chunk streams than allowed', async () => {
    const served = await serve({ maxChunkStreams: 3 });
    const socket = await open(served.port);
    expect(await isServed(socket)).toBe(true);
    socket.write(Buffer.alloc(1536));
    const unknown = (chunkStreamId: number): Buffer =>
      Buffer.of(chunkStreamId, 0, 0, 0, 0, 0, 1, 99, 0, 0, 0, 0, 1);
    const ping = Buffer.of(2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0);
    socket.write(Buffer.concat([unknown(3), unknown(4), ping]));
    await once(socket, 'data');
    socket.write(unknown(5));
    expect(await served.failed).toMatchObject({ code: 'protocol' });
  });

  it('no faster than allowed: it is made to wait, and nothing is lost', async () => {
    const maxBytesPerSecond = 1_000_000;
    const served = await serve({ maxBytesPerSecond });
    const publisher = await publisherTo(served);
    const started = performance.now();
    for (let i = 0; i < 40; i += 1) await publisher.write(packet(i * 1000, 50_000));
    await publisher.close({ deadlineMs: 10_000 });
    const [ingest] = served.ingests;
    expect(await ingest?.closed).toBeUndefined();
    const seconds = (performance.now() - started) / 1000;
    expect(served.bytes).toBe(2_000_000);
    // A second's worth at once, and what one read of the socket brings beyond it.
    expect(served.bytes).toBeLessThan(maxBytesPerSecond * (1 + seconds) + 65_536);
  });
});

describe('time', () => {
  it('a client must publish or play before long', async () => {
    const { port, failed } = await serve({ settleMs: 1000 });
    const socket = await open(port);
    expect(await isServed(socket)).toBe(true);
    expect(await failed).toMatchObject({ code: 'timeout', phase: 'handshake' });
  });

  it('what a client asks for must be decided before long', async () => {
    const served = await serve({ settleMs: 1000 }, () => undefined);
    const refused = publisherTo(served).catch((error: unknown) => error);
    const reason = 'nobody decided what it asked for';
    expect(await served.failed).toMatchObject({ code: 'timeout', data: { reason } });
    expect(await served.ingests[0]?.closed).toMatchObject({ code: 'timeout' });
    expect(await refused).toMatchObject({ phase: 'publish' });
  });

  it('a publisher that leaves while nobody reads it is noticed', async () => {
    const served = await serve({ silenceMs: 900 }, (ingest) => ingest.accept());
    const publisher = await publisherTo(served);
    // Two are more than the server keeps for a reader, so that it reads no further; behind them its end is not seen.
    const kept = [packet(0, 2_700_000), packet(1, 2_700_000)];
    for (const frame of kept) await publisher.write(frame);
    publisher.write(packet(2, 2_700_000)).catch(() => undefined);
    await until(
      'the server to have read most of the second',
      () => publisher.stats.bytesAcknowledged >= 5_000_000,
    );
    // It acknowledges now and then only, and reads in this process: in so many turns, the rest of it, too.
    for (let turn = 0; turn < 100; turn += 1) await new Promise((done) => setImmediate(done));
    const [ingest] = served.ingests;
    publisher.abort();
    // Not 'closed', which is what comes of a publisher whose end is read.
    expect(await ingest?.closed).toMatchObject({ phase: 'streaming', code: 'reset' });
    // That it was held up: both frames still waited for a reader.
    let waiting = 0;
    for await (const item of ingest?.items ?? []) waiting += item.type === 'packet' ? 1 : 0;
    expect(waiting).toBe(kept.length);
  });

  it('a publisher that has frozen is taken for gone', async () => {
    const { port, failed, ingests } = await serve({ silenceMs: 1500 });
    const source = ['-re', '-f', 'lavfi', '-i', 'sine', '-c:a', 'aac'];
    const to = ['-f', 'flv', `rtmp://127.0.0.1:${port}/live/key`];
    const child = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...source, ...to]);
    children.add(child);
    await until('the publisher', () => ingests.length > 0);
    child.kill('SIGSTOP');
    expect(await failed).toMatchObject({ code: 'timeout', data: { reason: 'it has gone silent' } });
    expect(await ingests[0]?.closed).toMatchObject({ code: 'timeout' });
  });

  it('a publisher that answers pings and sends nothing is, too', async () => {
    const served = await serve({ idleMs: 3000, silenceMs: 1500 });
    const publisher = await publisherTo(served);
    expect(await served.failed).toMatchObject({ data: { reason: 'it publishes nothing' } });
    await publisher.closed;
  });

  it('every connection ends when its time is over', async () => {
    const served = await serve({ maxSessionMs: 1500 });
    const publisher = await publisherTo(served);
    let written = 0;
    const writing = (async () => {
      for (;;) await publisher.write(packet(++written * 1000, 100));
    })().catch(() => undefined);
    expect(await served.failed).toMatchObject({ data: { reason: 'its time is over' } });
    await writing;
    expect(written).toBeGreaterThan(0);
  });
});
