import { connect, Server, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  startClosingServer,
  startHttpServer,
  startSilentServer,
} from '../../../test/support/fault-servers.js';
import { freePort } from '../../../test/support/free-port.js';
import { hasNginxRtmp, startNginxRtmp } from '../../../test/support/nginx.js';
import {
  parseRtmpUrl,
  publish,
  RtmpError,
  RtmpServer,
  type EncodedPacket,
  type RtmpClientOptions,
  type RtmpIngest,
} from '../src/index.js';
import { selfSigned } from './support/certificate.js';

const streamKey = 'hush-hush';
const stops: (() => Promise<unknown>)[] = [];
let certificate: { cert: string; key: string };

beforeAll(async () => {
  certificate = await selfSigned();
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function stopLater<T extends { stop: () => Promise<unknown> }>(
  starting: Promise<T>,
): Promise<T> {
  const server = await starting;
  stops.push(() => server.stop());
  return server;
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function rtmpServer(onPublish: (ingest: RtmpIngest) => void, tls = false) {
  const server = new RtmpServer({ onPublish }, tls ? { tls: certificate } : {});
  stops.push(() => server.close());
  return server.listen({ host: '127.0.0.1', port: 0 });
}

/** The error that publishing to `url` ends in. */
async function failure(url: string, options: Partial<RtmpClientOptions> = {}): Promise<RtmpError> {
  try {
    const publisher = await publish({ address: parseRtmpUrl(url), streamKey, ...options });
    publisher.abort();
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error;
    expect(JSON.stringify([error.message, error.data])).not.toContain(streamKey);
    return error;
  }
  throw new Error('publishing succeeded');
}

const soon = { overall: 600 };

describe('publish ends in an error of its own for', () => {
  it('no such host', async () => {
    expect(await failure('rtmp://no-such-host.invalid/live')).toMatchObject({
      code: 'dns-not-found',
      phase: 'dns',
      data: { host: 'no-such-host.invalid', port: 1935 },
    });
  });

  it('a port that nothing listens on', async () => {
    const port = await freePort();
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'refused',
      phase: 'tcp',
      data: { host: '127.0.0.1', port },
    });
    expect((await failure(`rtmp://localhost:${port}/live`)).code).toBe('refused');
  });

  it.each([
    { protocol: 'rtmp', phase: 'handshake' },
    { protocol: 'rtmps', phase: 'tls' },
  ])('a server that never answers, over $protocol', async ({ protocol, phase }) => {
    const { port } = await stopLater(startSilentServer());
    expect(
      await failure(`${protocol}://127.0.0.1:${port}/live`, { deadlines: soon }),
    ).toMatchObject({
      code: 'timeout',
      phase,
    });
  });

  it('each phase that takes too long', async () => {
    const { port } = await stopLater(startSilentServer());
    const error = await failure(`rtmp://127.0.0.1:${port}/live`, { deadlines: { handshake: 200 } });
    expect(error).toMatchObject({ code: 'timeout', phase: 'handshake' });
    const slow = await rtmpServer(() => undefined);
    const waiting = await failure(`rtmp://127.0.0.1:${slow.port}/live`, {
      deadlines: { publish: 200 },
    });
    expect(waiting).toMatchObject({
      ...{ code: 'timeout', phase: 'publish', data: { host: '127.0.0.1', port: slow.port } },
    });
  });

  it('an HTTP server on the port', async () => {
    const { port } = await stopLater(startHttpServer());
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'not-rtmp',
      phase: 'handshake',
      data: { reason: 'it is a web server' },
    });
    expect(await failure(`rtmps://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'tls-not-spoken',
      phase: 'tls',
    });
  });

  it.each([1, 1537])('a server that hangs up after %d bytes', async (bytes) => {
    const { port } = await stopLater(startClosingServer(bytes));
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'not-rtmp',
      phase: 'handshake',
    });
    expect((await failure(`rtmps://127.0.0.1:${port}/live`, { deadlines: soon })).phase).toBe(
      'tls',
    );
  });

  it('TLS to a plain RTMP server of ours', async () => {
    const { port } = await rtmpServer((ingest) => ingest.accept());
    expect(await failure(`rtmps://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'tls-not-spoken',
      phase: 'tls',
    });
  });

  it.runIf(hasNginxRtmp())('TLS to a plain RTMP server that waits for more', async () => {
    const nginx = await stopLater(startNginxRtmp());
    expect(await failure(`rtmps://127.0.0.1:${nginx.rtmpPort}/live`)).toMatchObject({
      code: 'tls-not-spoken',
      phase: 'tls',
      data: { reason: 'it speaks RTMP without TLS' },
    });
  });

  it('no TLS to a server that expects it', async () => {
    const port = await listening(createTlsServer(certificate));
    // Node's server hangs up; others send an alert first, which the session knows.
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'not-rtmp',
      phase: 'handshake',
    });
  });

  it('[URI-02] a certificate that nobody vouches for, or that names another host', async () => {
    const { port } = await rtmpServer((ingest) => ingest.accept(), true);
    const unknown = await failure(`rtmps://localhost:${port}/live`);
    expect(unknown).toMatchObject({ code: 'tls-certificate', phase: 'tls' });
    const tls = { ca: certificate.cert };
    const other = await failure(`rtmps://127.0.0.1:${port}/live`, { tls });
    expect(other).toMatchObject({ code: 'tls-certificate', phase: 'tls' });
    const publisher = await publish({
      address: parseRtmpUrl(`rtmps://127.0.0.1:${port}/live`),
      streamKey,
      tls: { rejectUnauthorized: false },
    });
    await publisher.close();
  });

  it.runIf(hasNginxRtmp())('an application that nginx does not have', async () => {
    const nginx = await stopLater(startNginxRtmp());
    expect(await failure(`rtmp://127.0.0.1:${nginx.rtmpPort}/no-such-app`)).toMatchObject({
      code: 'connect-rejected',
      phase: 'connect',
      data: { app: 'no-such-app' },
    });
  });

  it.runIf(hasNginxRtmp())('a key that is already live in nginx, which then goes on', async () => {
    const nginx = await stopLater(startNginxRtmp());
    const address = parseRtmpUrl(nginx.serverUrl);
    const first = await publish({ address, streamKey });
    expect(await failure(nginx.serverUrl)).toMatchObject({ code: 'stream-busy', phase: 'publish' });
    expect(await first.ping()).toBeGreaterThan(0);
    await first.close();
  });

  it('a key that the server refuses', async () => {
    const { port } = await rtmpServer((ingest) =>
      ingest.reject('NetStream.Publish.Denied', `No ${ingest.streamName} here.`),
    );
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'publish-rejected',
      phase: 'publish',
      data: { reason: 'No *** here.', serverCode: 'NetStream.Publish.Denied' },
    });
  });

  it('a server that hangs up instead of answering publish', async () => {
    const { port } = await rtmpServer((ingest) => ingest.abort());
    expect(await failure(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      code: 'publish-rejected',
      phase: 'publish',
    });
  });

  it('being aborted, before and while', async () => {
    const { port } = await stopLater(startSilentServer());
    const url = `rtmp://127.0.0.1:${port}/live`;
    expect((await failure(url, { signal: AbortSignal.abort() })).code).toBe('aborted');
    expect(await failure(url, { signal: AbortSignal.timeout(100) })).toMatchObject({
      code: 'aborted',
      phase: 'handshake',
    });
  });
});

describe('a publisher', () => {
  const packet: EncodedPacket = {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: true, pts: 0, dts: 0 },
    payload: new Uint8Array(100_000),
  };

  it('learns that the server has gone while streaming', async () => {
    let ingest: RtmpIngest | undefined;
    const { port } = await rtmpServer((p) => (ingest = p).accept());
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey,
    });
    ingest?.abort();
    const error = await publisher.closed;
    expect(error).toMatchObject({ phase: 'streaming', data: { host: '127.0.0.1', port } });
    expect(['closed', 'reset']).toContain(error?.code);
    await expect(publisher.write(packet)).rejects.toBe(error);
    await expect(publisher.ping()).rejects.toBe(error);
    await publisher.close();
  });

  it('is held up by a server that does not read, and gives up on it in the end', async () => {
    const { port } = await rtmpServer((p) => p.accept());
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey,
      deadlines: { streaming: 300 },
    });
    let written = 0;
    const flood = async (): Promise<never> => {
      for (;;) {
        await publisher.write(packet);
        written += packet.payload.length;
      }
    };
    await expect(flood()).rejects.toMatchObject({ code: 'timeout', phase: 'streaming' });
    // What the two kernels and the server's queue hold, and no more.
    expect(written).toBeLessThan(100 * 1024 * 1024);
    expect(publisher.stats.bytesQueued).toBeLessThan(1024 * 1024);
  });

  it('closes by its deadline even when the server does not', async () => {
    const { port } = await rtmpServer((p) => p.accept());
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey,
    });
    const blocked: Promise<unknown>[] = [];
    for (let i = 0; i < 200; i++) blocked.push(publisher.write(packet));
    const settled = Promise.allSettled(blocked);
    await publisher.close({ deadlineMs: 200 });
    expect(await publisher.closed).toBeUndefined();
    await settled;
  });
});

describe('the server', () => {
  it('drops garbage and goes on', async () => {
    const { port } = await rtmpServer((p) => p.accept());
    for (const garbage of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01', '\x03'.padEnd(5000, 'x')]) {
      const socket = connect(port, '127.0.0.1', () => socket.write(garbage, 'latin1'));
      socket.on('error', () => undefined).resume();
      await new Promise((resolve) => socket.on('close', resolve));
    }
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`),
      streamKey,
    });
    await publisher.close();
  });

  it('outlives a connection that the system could not hand over, and tells', async () => {
    const errors: RtmpError[] = [];
    const listen = vi.spyOn(Server.prototype, 'listen');
    const server = new RtmpServer({ onError: (error) => errors.push(error) });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const listener = listen.mock.contexts[0] as Server;
    listen.mockRestore();
    listener.emit('error', new Error('accept EMFILE'));
    expect(errors).toMatchObject([{ phase: 'tcp', data: { reason: 'accept EMFILE' } }]);
    await server.close();
  });

  it('closes at once, also while somebody has not said what he wants', async () => {
    for (const options of [{}, { tls: certificate }]) {
      const server = new RtmpServer({}, options);
      const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const closed = new Promise((resolve) => socket.on('close', resolve));
      await new Promise((resolve) => socket.on('connect', resolve));
      await server.close();
      await closed;
    }
  });
});
