import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { builtInProfileId, type contract } from '@tallylight/contract';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectChannel } from './channels.js';
import {
  app,
  BrowserWindow,
  calls,
  cancellable,
  connectedPorts,
  folders,
  ipcMain,
  privilegedSchemes,
  session,
  StandInContents,
} from './test/electron-stand-in.js';

vi.mock('electron', () => import('./test/electron-stand-in.js'));

let folder: string;
let window: BrowserWindow;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-boot-'));
  folders.app = join(folder, 'app');
  folders.userData = join(folder, 'data');
  await mkdir(join(folders.app, 'out', 'renderer'), { recursive: true });
  await writeFile(join(folders.app, 'out', 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(folders.app, 'package.json'), '{}');
  const loaded = once(app, 'stand-in-loaded');
  await import('./main.js');
  [window] = (await loaded) as [BrowserWindow];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Plays the preload that asks for ports, and returns the window's ends of those it sent. */
function requestPorts(from: { sender?: StandInContents; frame?: object; ports?: number } = {}) {
  const sender = from.sender ?? window.webContents;
  const pairs = Array.from({ length: from.ports ?? 2 }, connectedPorts);
  const senderFrame = from.frame ?? sender.mainFrame;
  ipcMain.emit(connectChannel, { sender, senderFrame, ports: pairs.map(({ main }) => main) });
  return pairs.map((pair) => pair.window);
}

function connect() {
  const [rpc, channel] = requestPorts();
  if (!rpc || !channel) throw new Error('no ports');
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ port: rpc }),
  );
  rpc.start();
  return { client, rpc, channel };
}

const closed = (port: MessagePort | undefined): Promise<void> =>
  new Promise((resolve) => port?.addEventListener('close', () => resolve()));

describe('the window', () => {
  it('is sandboxed, isolated, without Node, and not throttled in the background', () => {
    expect(app.sandboxEnabled).toBe(true);
    expect(BrowserWindow.all).toHaveLength(1);
    expect(window.options['webPreferences']).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      backgroundThrottling: false,
      preload: join(folders.app, 'out', 'preload', 'preload.cjs'),
    });
  });

  it('shows our own origin, which is a secure context and no file', () => {
    expect(window.webContents.mainFrame.url).toBe('app://tallylight/');
    expect(privilegedSchemes).toHaveLength(1);
    expect(privilegedSchemes[0]?.scheme).toBe('app');
    expect(privilegedSchemes[0]?.privileges).toMatchObject({ standard: true, secure: true });
    expect(privilegedSchemes[0]?.privileges).not.toHaveProperty('bypassCSP');
  });

  it('is shown again when the program is started twice', async () => {
    const focused = once(window, 'focus');
    app.emit('second-instance');
    await focused;
  });
});

describe('the page', () => {
  const get = async (url: string, method = 'GET'): Promise<Response> => {
    const handler = session.defaultSession.protocolHandlers.get('app');
    if (!handler) throw new Error('no protocol handler');
    return handler(new Request(url, { method }));
  };

  it('comes with a strict content security policy', async () => {
    const response = await get('app://tallylight/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    ['app://tallylight/..%2f..%2fpackage.json', 404],
    ['app://tallylight/package.json', 404],
    ['app://elsewhere/', 403],
  ])('does not give out %s', async (url, status) => {
    expect((await get(url)).status).toBe(status);
  });

  it('can only be read', async () => {
    expect((await get('app://tallylight/', 'POST')).status).toBe(405);
  });
});

describe('permissions', () => {
  const ours = { requestingUrl: 'app://tallylight/', isMainFrame: true, mediaTypes: ['video'] };
  const request = (permission: string, details: object): Promise<boolean> =>
    new Promise((resolve) => {
      const handler = session.defaultSession.requestHandler as
        ((...parameters: unknown[]) => void) | undefined;
      handler?.(window.webContents, permission, resolve, details);
    });
  const check = (permission: string, origin: string, details: object = {}): unknown => {
    const handler = session.defaultSession.checkHandler as
      ((...parameters: unknown[]) => unknown) | undefined;
    return handler?.(window.webContents, permission, origin, details);
  };

  it('are camera, microphone and copying for our own page', async () => {
    expect(await request('media', ours)).toBe(true);
    expect(await request('clipboard-sanitized-write', ours)).toBe(true);
    expect(check('clipboard-sanitized-write', 'app://tallylight/')).toBe(true);
    expect(check('media', 'app://tallylight/')).toBe(true);
  });

  it.each([
    ['another origin', { ...ours, requestingUrl: 'https://example.com/' }],
    ['another host of our scheme', { ...ours, requestingUrl: 'app://elsewhere/' }],
    ['a frame inside', { ...ours, isMainFrame: false }],
    ['an unknown origin', { isMainFrame: true }],
  ])('are refused to %s', async (_who, details) => {
    expect(await request('media', details)).toBe(false);
  });

  it.each([
    'geolocation',
    'clipboard-read',
    'display-capture',
    'notifications',
    'openExternal',
    'fileSystem',
  ])('do not include %s', async (permission) => {
    expect(await request(permission, ours)).toBe(false);
    expect(check(permission, 'app://tallylight/')).toBe(false);
  });

  it('are checked by origin', () => {
    expect(check('media', 'https://example.com/')).toBe(false);
    expect(check('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
    const embedded = { securityOrigin: 'https://example.com/' };
    expect(check('media', 'app://tallylight/', embedded)).toBe(false);
  });

  it('do not include USB, HID or serial devices', () => {
    expect(session.defaultSession.deviceHandler?.()).toBe(false);
  });
});

describe('navigation', () => {
  const navigate = (event: string, url: string, isMainFrame = true): boolean => {
    const details = cancellable({ url, isMainFrame });
    window.webContents.emit(event, details);
    return !details.defaultPrevented;
  };

  it.each(['https://example.com/', 'file:///etc/passwd', 'app://elsewhere/', 'app://tallylight/x'])(
    'to %s is blocked',
    (url) => expect(navigate('will-frame-navigate', url)).toBe(false),
  );

  it('of frames, redirects and web views are blocked', () => {
    expect(navigate('will-frame-navigate', 'app://tallylight/', false)).toBe(false);
    expect(navigate('will-redirect', 'app://tallylight/')).toBe(false);
    expect(navigate('will-attach-webview', 'app://tallylight/')).toBe(false);
  });

  it('may reload the page', () => {
    expect(navigate('will-frame-navigate', 'app://tallylight/')).toBe(true);
  });

  it('opens no windows, and outside only the built-in server’s watch page', () => {
    const open = (url: string) => window.webContents.windowOpenHandler?.({ url });
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'http://127.0.0.1.example.com/',
      'http://user@127.0.0.1/',
      'http://127.0.0.1:8080/live/test',
    ]) {
      expect(open(url)).toEqual({ action: 'deny' });
    }
    expect(calls.opened).toEqual(['http://127.0.0.1:8080/live/test']);
  });
});

describe('a connection', () => {
  it.each([
    ['from a frame of another origin', { frame: { url: 'https://example.com/' } }],
    ['from a frame inside our page', { frame: { url: 'app://tallylight/' } }],
    ['from contents that are not our window’s', { sender: new StandInContents() }],
    ['with one port', { ports: 1 }],
    ['with three ports', { ports: 3 }],
  ])('%s is refused', async (_what, from) => {
    if ('sender' in from) from.sender.mainFrame.url = 'app://tallylight/';
    await Promise.all(requestPorts(from).map(closed));
  });

  it('from our page that was led elsewhere is refused', async () => {
    const { mainFrame } = window.webContents;
    mainFrame.url = 'https://example.com/';
    const refused = requestPorts().map(closed);
    mainFrame.url = 'app://tallylight/';
    await Promise.all(refused);
  });

  it('carries the contract', async () => {
    const { client, rpc } = connect();
    const info = await client.system.info();
    expect(info).toMatchObject({ shell: 'electron', version: '0.0.0-test' });
    rpc.close();
  });

  it('says that keys are protected less where Electron’s own store would not protect them', async () => {
    const { client, rpc } = connect();
    const { secrets } = await client.system.info();
    expect(secrets).toEqual({ type: 'key-file', why: { reason: 'no-secret-store' } });
    rpc.close();
  });

  it.each(['rpc', 'channel'] as const)(
    'ends at the first message that is none, on %s',
    async (way) => {
      const connection = connect();
      const ended = [closed(connection.rpc), closed(connection.channel)];
      connection[way].postMessage(7);
      await Promise.all(ended);
    },
  );
});

it('shows in its folder what was recorded, and no other file', async () => {
  const { client, rpc } = connect();
  const shown = client.recordings.showInFolder({ path: '/etc/passwd' });
  await expect(shown).rejects.toMatchObject({ data: { code: 'FOLDER_NOT_SHOWN' } });
  expect(calls.shown).toEqual([]);
  rpc.close();
});

describe('while a broadcast runs', () => {
  const start = async ({ client }: ReturnType<typeof connect>): Promise<void> => {
    await client.broadcast.start({
      source: {
        type: 'renderer',
        format: 'packets',
        hasAudio: false,
        name: 'Camera',
        captureId: 1,
      },
      encoding: {
        width: 1280,
        height: 720,
        fps: 30,
        videoBitrate: 2_500_000,
        audioBitrate: 128_000,
        keyframeInterval: 2,
      },
      profileIds: [builtInProfileId],
    });
    await vi.waitFor(() => expect(calls.powerSaveBlockers.size).toBe(1));
  };

  it('the machine is kept awake, until the broadcast ends', async () => {
    const connection = connect();
    expect(calls.powerSaveBlockers.size).toBe(0);
    await start(connection);
    await connection.client.broadcast.stop();
    await vi.waitFor(() => expect(calls.powerSaveBlockers.size).toBe(0));
    connection.rpc.close();
  });

  it('closing the window asks first; the program ends after the broadcast', async () => {
    await start(connect());
    calls.messageBoxAnswer = 0;
    const staying = cancellable();
    window.emit('close', staying);
    expect(staying.defaultPrevented).toBe(true);
    expect(calls.messageBoxes).toBe(1);
    expect(window.destroyed).toBe(false);

    const exit = once(app, 'stand-in-exit');
    calls.messageBoxAnswer = 1;
    window.emit('close', cancellable());
    await exit;
    expect(calls.exits).toEqual([0]);
    expect(window.destroyed).toBe(true);
  });
});
