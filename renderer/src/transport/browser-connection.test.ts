import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectToBrowserShell } from './browser-connection.js';

class FakeWebSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly sockets: FakeWebSocket[] = [];
  readonly url: URL;
  readonly sent: unknown[] = [];
  binaryType = 'blob';
  readyState = 0;

  constructor(url: string) {
    super();
    this.url = new URL(url);
    FakeWebSocket.sockets.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

const { sockets } = FakeWebSocket;
const location = { origin: 'http://127.0.0.1:4321' };

beforeEach(() => {
  sockets.splice(0);
  vi.stubGlobal('WebSocket', FakeWebSocket);
});

afterEach(() => vi.unstubAllGlobals());

function connectOpen() {
  const connecting = connectToBrowserShell(location);
  for (const socket of sockets) socket.open();
  return connecting;
}

describe('connectToBrowserShell', () => {
  it('opens both sockets of one window on the page’s own server', async () => {
    await connectOpen();
    expect(sockets.map(({ url }) => `${url.protocol}//${url.host}${url.pathname}`)).toEqual([
      'ws://127.0.0.1:4321/rpc',
      'ws://127.0.0.1:4321/media',
    ]);
    const ids = sockets.map(({ url }) => url.searchParams.get('window'));
    expect(ids[0]).toBeTruthy();
    expect(ids[0]).toBe(ids[1]);
  });

  it('carries channel messages as binary, both ways', async () => {
    const { channel } = await connectOpen();
    const channelSocket = sockets[1];
    expect(channelSocket?.binaryType).toBe('arraybuffer');
    const received: number[][] = [];
    channel.onMessage((bytes) => received.push([...bytes]));
    const data = Uint8Array.of(7, 8).buffer;
    channelSocket?.dispatchEvent(Object.assign(new Event('message'), { data }));
    channelSocket?.dispatchEvent(Object.assign(new Event('message'), { data: 'text' }));
    expect(received).toEqual([[7, 8]]);
    const bytes = Uint8Array.of(9);
    channel.send(bytes);
    expect(channelSocket?.sent).toEqual([bytes]);
  });

  it.each([0, 1])('loses both when socket %i is lost', async (lost) => {
    const connection = await connectOpen();
    const closed = vi.fn();
    const channelClosed = vi.fn();
    connection.onClosed(closed);
    connection.channel.onClose(channelClosed);
    sockets[lost]?.close();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(channelClosed).toHaveBeenCalledTimes(1);
    expect(sockets.map(({ readyState }) => readyState)).toEqual([3, 3]);
  });

  it('says that the link has expired where the server answers but refuses', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ status: 403 }));
    const connecting = connectToBrowserShell(location);
    sockets[0]?.close();
    await expect(connecting).rejects.toMatchObject({
      info: { code: 'WINDOW_REFUSED' },
    });
  });

  it('does not wait for one socket when the other was opened and lost', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve({ status: 200 }));
    const connecting = connectToBrowserShell(location);
    sockets[0]?.open();
    sockets[0]?.close();
    await expect(connecting).rejects.toMatchObject({ info: { code: 'WINDOW_REFUSED' } });
  });

  it('says that the engine is gone where nothing answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    const connecting = connectToBrowserShell(location);
    for (const socket of sockets) socket.close();
    await expect(connecting).rejects.toMatchObject({
      info: { code: 'ENGINE_GONE' },
    });
  });
});
