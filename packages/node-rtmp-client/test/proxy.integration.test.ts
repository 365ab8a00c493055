import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { startHttpServer, startSilentServer } from '../../../test/support/fault-servers.js';
import { freePort } from '../../../test/support/free-port.js';
import {
  parseRtmpUrl,
  publish,
  RtmpError,
  type EncodedPacket,
  type PhaseEvent,
  type ProxyOptions,
  type PublishOptions,
} from '../src/index.js';
import { selfSigned } from './support/certificate.js';
import { startCollectingServer } from './support/collecting-server.js';
import { startHttpProxy, startSocks5Proxy, type TestProxy } from './support/proxies.js';

const streamKey = 'hush-hush';
const credentials = { user: 'prox:user', password: 'prox-word' };
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function stopLater<T extends { stop: () => Promise<unknown> }>(
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  stops.push(() => started.stop());
  return started;
}

async function target(...args: Parameters<typeof startCollectingServer>) {
  const started = await startCollectingServer(...args);
  stops.push(() => started.server.close());
  return started;
}

const through = (type: ProxyOptions['type'], proxy: Pick<TestProxy, 'port'>): ProxyOptions => ({
  ...{ type, host: '127.0.0.1', port: proxy.port },
});

async function failure(url: string, options: Partial<PublishOptions>): Promise<RtmpError> {
  try {
    (await publish({ address: parseRtmpUrl(url), streamKey, ...options })).abort();
  } catch (error) {
    if (!(error instanceof RtmpError)) throw error;
    const said = JSON.stringify([error.message, error.data]);
    expect(said).not.toMatch(/hush|prox:user|prox-word|cHJveDp1c2Vy/);
    return error;
  }
  throw new Error('publishing succeeded');
}

const kinds = [
  { type: 'socks5', start: startSocks5Proxy },
  { type: 'http', start: startHttpProxy },
] as const;

describe.each(kinds)('through a proxy of type $type', ({ type, start }) => {
  const packet: EncodedPacket = {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: true, pts: 0, dts: 0 },
    payload: new Uint8Array(200_000),
  };

  it('publishes, and has the proxy look up the name', async () => {
    const { port, ended } = await target();
    const proxy = await stopLater(start());
    const phases: PhaseEvent[] = [];
    const publisher = await publish({
      address: parseRtmpUrl(`rtmp://nowhere.invalid:${port}/live`),
      streamKey,
      proxy: through(type, proxy),
      onPhase: (event) => phases.push(event),
    });
    await publisher.write(packet);
    await publisher.close();
    const { items } = await ended(0);
    expect(items.map((item) => item.type === 'packet' && item.packet.payload.length)).toEqual([
      200_000,
    ]);
    expect(proxy.targets).toEqual([
      type === 'http' ? `nowhere.invalid:${port}` : `nowhere.invalid ${port}`,
    ]);
    expect(phases.filter(({ state }) => state === 'done').map(({ phase }) => phase)).toEqual([
      ...['dns', 'tcp', 'proxy', 'handshake', 'connect', 'publish'],
    ]);
  });

  it.each([
    {
      url: (port: number) => `rtmp://127.0.0.1:${port}/live`,
      socks: '127.0.0.1',
      http: '127.0.0.1',
    },
    { url: (port: number) => `rtmp://[::1]:${port}/live`, socks: '0:0:0:0:0:0:0:1', http: '[::1]' },
    {
      url: (port: number) => `rtmp://[2001:db8::a:0:ffff]:${port}/live`,
      ...{ socks: '2001:db8:0:0:0:a:0:ffff', http: '[2001:db8::a:0:ffff]' },
    },
  ])('names the address $socks', async ({ url, socks, http }) => {
    const { port } = await target();
    const proxy = await stopLater(start());
    const options = { streamKey, proxy: through(type, proxy) };
    await (await publish({ address: parseRtmpUrl(url(port)), ...options })).close();
    expect(proxy.targets).toEqual([type === 'http' ? `${http}:${port}` : `${socks} ${port}`]);
  });

  it('speaks TLS with the server, whose certificate must be right', async () => {
    const certificate = await selfSigned();
    const { port } = await target({ tls: certificate });
    const proxy = through(type, await stopLater(start()));
    const url = `rtmps://localhost:${port}/live`;
    expect(await failure(url, { proxy })).toMatchObject({ code: 'tls-certificate', phase: 'tls' });
    const tls = { ca: certificate.cert };
    await (await publish({ address: parseRtmpUrl(url), streamKey, proxy, tls })).close();
  });

  it('says who it is, where it is asked', async () => {
    const { port } = await target();
    const only = `${credentials.user}:${credentials.password}`;
    const proxy = through(type, await stopLater(start({ only })));
    const url = `rtmp://127.0.0.1:${port}/live`;
    const publisher = await publish({
      address: parseRtmpUrl(url),
      streamKey,
      proxy: { ...proxy, ...credentials },
    });
    await publisher.close();
    expect(await failure(url, { proxy })).toMatchObject({ code: 'auth-required', phase: 'proxy' });
    for (const wrong of [{ ...credentials, password: 'prox' }, { user: 'prox:user' }]) {
      const refused = await failure(url, { proxy: { ...proxy, ...wrong } });
      expect(refused).toMatchObject({ code: 'auth-failed', phase: 'proxy' });
    }
  });

  it.each([
    { answer: type === 'http' ? 403 : 2, code: 'proxy-rejected' },
    { answer: type === 'http' ? 502 : 4, code: 'unreachable' },
    { answer: type === 'http' ? 599 : 99, code: 'proxy-rejected' },
  ])('is told no with $answer', async ({ answer, code }) => {
    const proxy = through(type, await stopLater(start({ answer })));
    expect(
      await failure('rtmp://127.0.0.1/live', { proxy: { ...proxy, ...credentials } }),
    ).toMatchObject({ code, phase: 'proxy' });
  });

  it('tells a proxy that is none, silent or not there', async () => {
    const url = 'rtmp://127.0.0.1/live';
    const web = through(type, await stopLater(startHttpServer()));
    expect(await failure(url, { proxy: web })).toMatchObject({
      code: 'proxy-rejected',
      phase: 'proxy',
    });
    const silent = through(type, await stopLater(startSilentServer()));
    expect(await failure(url, { proxy: silent, deadlines: { proxy: 100 } })).toMatchObject({
      code: 'timeout',
      phase: 'proxy',
    });
    expect(await failure(url, { proxy: silent, signal: AbortSignal.timeout(50) })).toMatchObject({
      code: 'aborted',
      phase: 'proxy',
    });
    const gone = through(type, { port: await freePort() });
    expect(await failure(url, { proxy: gone })).toMatchObject({ code: 'refused', phase: 'tcp' });
  });

  it('has a proxy of which curl thinks well', async () => {
    const web = await stopLater(startHttpServer());
    const only = 'one:pass-word';
    const proxy = await stopLater(start({ only }));
    const scheme = type === 'http' ? 'http' : 'socks5h';
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '--proxytunnel', '--noproxy', '', '--max-time', '10'],
      ...['--proxy', `${scheme}://${only}@127.0.0.1:${proxy.port}`],
      `http://127.0.0.1:${web.port}/`,
    ]);
    expect(stdout).toBe('hello');
    expect(proxy.targets).toHaveLength(1);
  });
});
