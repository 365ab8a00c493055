import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { MediaChannelWriter, type contract, type ChannelPort } from '@tallylight/contract';
import { createEngine, createLogger } from '@tallylight/engine';
import { createWindowService, type WindowService } from '@tallylight/engine/window';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openStudioClient } from './studio-client.js';
import { StudioServer } from '../src/studio/studio-server.js';

let folder: string;
let windows: WindowService;
let endEngine: () => Promise<void>;
let server: StudioServer;
let link: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-studio-'));
  await mkdir(join(folder, 'window', 'assets'), { recursive: true });
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html><title>Tallylight</title>');
  await writeFile(join(folder, 'window', 'assets', 'main.js'), 'export {};');
  await writeFile(join(folder, 'secret.json'), '{}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  vi.stubEnv('TALLYLIGHT_SECRETS', 'key-file');
  const engine = createEngine({
    dataDirectory: join(folder, 'data'),
    version: '0.0.0-test',
    shell: 'browser',
    logger: createLogger({ level: 'silent' }),
  });
  windows = createWindowService(engine);
  endEngine = async () => {
    await windows.close();
    await engine.close();
  };
  server = await StudioServer.start({ windows, windowDirectory: join(folder, 'window'), port: 0 });
  link = new URL(server.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await endEngine();
  await server.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request as it is on the wire; `fetch` would tidy up its path and forbid its headers. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const call = request({ host: '127.0.0.1', port: link.port, path, headers, method }).end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return { status: response.statusCode, headers: response.headers, body };
}

/** Opens the link, as a browser does; returns the cookie. */
async function enter(): Promise<string> {
  const { headers } = await ask(link.pathname + link.search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

const ourOrigin = (): string => `http://127.0.0.1:${link.port}`;

function dial(path: string, headers: Record<string, string>): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${link.port}${path}`, { headers });
}

/** The status with which a WebSocket was refused. */
async function refusal(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = dial(path, headers);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  socket.on('error', () => undefined).terminate();
  return response.statusCode;
}

async function openWindow(cookie: string, query = '') {
  const headers = { cookie, origin: ourOrigin() };
  const [rpc, channel] = [dial(`/rpc${query}`, headers), dial(`/media${query}`, headers)];
  await Promise.all([once(rpc, 'open'), once(channel, 'open')]);
  // ws implements what the link uses of a browser's WebSocket; only the types know more members.
  const websocket = rpc as unknown as globalThis.WebSocket;
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ websocket }),
  );
  return { client, rpc, channel };
}

describe('the link', () => {
  it('is exchanged for a cookie that no script and no other site can use', async () => {
    const answer = await ask(link.pathname + link.search);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  });

  it('works once', async () => {
    await enter();
    const replayed = await ask(link.pathname + link.search);
    expect(replayed.status).toBe(403);
    expect(replayed.headers['set-cookie']).toBeUndefined();
    expect(replayed.body).toContain('tallylight studio');
  });

  it('can be opened again by the browser that has opened it', async () => {
    const cookie = await enter();
    const again = await ask(link.pathname + link.search, { cookie });
    expect(again).toMatchObject({ status: 303, headers: { location: '/' } });
  });

  it('is not used up by a look that is no visit', async () => {
    expect((await ask(link.pathname + link.search, {}, 'HEAD')).status).toBe(403);
    expect(await enter()).not.toBe('');
  });

  it('is of use only whole', async () => {
    const answer = await ask(`${link.pathname}${link.search.slice(0, -1)}`);
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain(link.searchParams.get('token'));
  });
});

describe('the page', () => {
  it('comes, and comes again, to whoever has the cookie, with strict headers', async () => {
    const cookie = await enter();
    for (let visit = 0; visit < 2; visit++) {
      const page = await ask('/', { cookie });
      expect(page.status).toBe(200);
      expect(page.body).toContain('Tallylight');
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(page.headers['x-content-type-options']).toBe('nosniff');
      expect(page.headers['referrer-policy']).toBe('no-referrer');
    }
    expect((await ask('/assets/main.js', { cookie })).headers['content-type']).toMatch(
      /javascript/,
    );
  });

  it.each(['/', '/index.html', '/assets/main.js', '/?token=', '/?token=wrong'])(
    'says at %s how to get in to whoever has not',
    async (path) => {
      const page = await ask(path);
      expect(page.status).toBe(403);
      expect(page.body).toContain('tallylight studio');
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    },
  );

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/assets/..%2f..%2fsecret.json'])(
    'does not lead out of its folder by %s',
    async (path) => {
      const cookie = await enter();
      expect((await ask(path, { cookie })).status).toBe(404);
    },
  );

  it('does not answer to a foreign name, even with the cookie', async () => {
    const cookie = await enter();
    for (const host of ['evil.example', `evil.example:${link.port}`, '127.0.0.1:1']) {
      expect((await ask('/', { cookie, host })).status).toBe(421);
    }
    expect((await ask('/', { cookie, host: `localhost:${link.port}` })).status).toBe(200);
  });

  it('can only be read', async () => {
    const cookie = await enter();
    expect((await ask('/', { cookie }, 'POST')).status).toBe(405);
  });
});

describe('a file of our page', () => {
  const put = async (
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<Pick<Answer, 'status' | 'body'>> => {
    const call = request({ host: '127.0.0.1', port: link.port, path, method: 'PUT', headers });
    call.on('error', () => undefined).end(body);
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    let answer = '';
    for await (const chunk of response.setEncoding('utf8')) answer += chunk as string;
    return { status: response.statusCode, body: answer };
  };

  it('is taken to be played, and from nobody else', async () => {
    const cookie = await enter();
    const origin = ourOrigin();
    const path = `/files/${encodeURIComponent('片头 1.mp4')}`;
    expect((await put(path, 'film', { origin })).status).toBe(403);
    expect((await put(path, 'film', { cookie })).status).toBe(403);
    const foreign = { cookie, origin: 'https://evil.example' };
    expect((await put(path, 'film', foreign)).status).toBe(403);
    const ours = { cookie, origin };
    const endless = { ...ours, 'transfer-encoding': 'chunked' };
    expect((await put(path, 'film', endless)).status).toBe(411);
    expect((await put('/films/a.mp4', 'film', ours)).status).toBe(404);
    expect((await put('/files/%E0%A4%A', 'film', ours)).status).toBe(404);
    const window = await openStudioClient(origin, cookie);
    const files = async () => {
      const watch = await window.client.files.watch();
      const now = await watch.next();
      await watch.return();
      return now.done === true ? undefined : now.value.files.map(({ name }) => name);
    };
    expect(await files()).toEqual([]);
    expect((await put(path, 'film', ours)).status).toBe(204);
    expect(await files()).toEqual(['片头 1.mp4']);
    const huge = await put(path, '', { ...ours, 'content-length': '999999999999999' });
    expect(huge.status).toBe(422);
    expect(JSON.parse(huge.body)).toMatchObject({ code: 'FILE_NOT_TAKEN' });
    window.close();
  });
});

describe.each(['/rpc', '/media'])('the WebSocket %s', (path) => {
  it('opens to our own page only', async () => {
    const cookie = await enter();
    const origin = ourOrigin();
    const { port } = link;
    expect(await refusal(path, { origin })).toBe(403);
    expect(await refusal(path, { cookie: `tallylight-${port}=wrong`, origin })).toBe(403);
    expect(await refusal(path, { cookie })).toBe(403);
    expect(await refusal(path, { cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await refusal(path, { cookie, origin: 'null' })).toBe(403);
    expect(await refusal(path, { cookie, origin: `http://127.0.0.1:${Number(port) + 1}` })).toBe(
      403,
    );
    const host = `evil.example:${port}`;
    expect(await refusal(path, { cookie, host, origin: `http://${host}` })).toBe(403);
  });
});

it('has no other WebSocket', async () => {
  const headers = { cookie: await enter(), origin: ourOrigin() };
  expect(await refusal('/', headers)).toBe(404);
  expect(await refusal('/constructor', headers)).toBe(404);
});

describe('a window', () => {
  it('speaks the contract', async () => {
    const { client } = await openWindow(await enter());
    expect(await client.system.info()).toMatchObject({ shell: 'browser', version: '0.0.0-test' });
    const snapshots = await client.broadcast.watch();
    expect(await snapshots.next()).toMatchObject({ value: { state: 'idle' } });
  });

  it('loses nothing that it sends on one socket before the other is open', async () => {
    const headers = { cookie: await enter(), origin: ourOrigin() };
    const rpc = dial('/rpc', headers);
    await once(rpc, 'open');
    const websocket = rpc as unknown as globalThis.WebSocket;
    const client: ContractRouterClient<typeof contract> = createORPCClient(
      new RPCLink({ websocket }),
    );
    const info = client.system.info();
    dial('/media', headers);
    expect(await info).toMatchObject({ shell: 'browser' });
  });

  it('has its own pair of sockets, whatever the order in which they come', async () => {
    const headers = { cookie: await enter(), origin: ourOrigin() };
    const open = async (path: string): Promise<WebSocket> => {
      const socket = dial(path, headers);
      await once(socket, 'open');
      return socket;
    };
    const rpcA = await open('/rpc?window=a');
    const rpcB = await open('/rpc?window=b');
    const channelB = await open('/media?window=b');
    const channelA = await open('/media?window=a');
    const gone = once(rpcA, 'close');
    channelA.close();
    await gone;
    expect(rpcB.readyState).toBe(WebSocket.OPEN);
    expect(channelB.readyState).toBe(WebSocket.OPEN);
  });

  it('is cut off when it sends what is not in the protocol', async () => {
    const { rpc, channel } = await openWindow(await enter());
    const gone = Promise.all([once(rpc, 'close'), once(channel, 'close')]);
    channel.send('text');
    await gone;
  });

  it('is cut off when a message is larger than it may be', async () => {
    const { rpc, channel } = await openWindow(await enter());
    const gone = Promise.all([once(rpc, 'close'), once(channel, 'close')]);
    rpc.send('x'.repeat(2 * 1024 * 1024));
    await gone;
  });

  it('ends its broadcast when it is closed', async () => {
    const cookie = await enter();
    const watcher = await openWindow(cookie);
    const snapshots = await watcher.client.broadcast.watch();
    const { client, rpc, channel } = await openWindow(cookie);
    await client.broadcast.start({
      source: {
        type: 'renderer',
        format: 'packets',
        hasAudio: false,
        name: 'Camera',
        captureId: 1,
      },
      encoding: {
        width: 640,
        height: 360,
        fps: 30,
        videoBitrate: 1_000_000,
        audioBitrate: 128_000,
        keyframeInterval: 2,
      },
      profileIds: ['built-in-server'],
    });
    const writer = new MediaChannelWriter(channelPort(channel));
    await writer.write({ type: 'container', payload: new Uint8Array(1) });
    rpc.terminate();
    channel.terminate();
    for await (const { state, error } of snapshots) {
      if (state !== 'ended') continue;
      expect(error?.code).toBe('WINDOW_GONE');
      break;
    }
  });

  it('is told when the studio ends', async () => {
    const { rpc, channel } = await openWindow(await enter());
    const gone = Promise.all([once(rpc, 'close'), once(channel, 'close')]);
    await server.close();
    expect(await gone).toEqual([
      [1001, expect.anything()],
      [1001, expect.anything()],
    ]);
  });
});

it('says that a port is in use', async () => {
  const options = { windows, windowDirectory: folder, port: Number(link.port) };
  await expect(StudioServer.start(options)).rejects.toMatchObject({
    info: { code: 'PORT_IN_USE' },
  });
});

function channelPort(socket: WebSocket): ChannelPort {
  return {
    send: (bytes) => socket.send(bytes),
    onMessage: (listener) => socket.on('message', (data) => listener(data as Buffer)),
    onClose: (listener) => socket.once('close', listener),
    close: () => socket.close(),
  };
}
