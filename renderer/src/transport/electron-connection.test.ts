import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectToElectron } from './electron-connection.js';

/** Enough of a window for a preload to talk to. */
class FakeWindow extends EventTarget {
  post(data: unknown, ports: readonly unknown[], source: unknown = this): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, ports, source }));
  }
}

const bridge = { shell: 'electron', pathOf: ({ name }: File) => `/films/${name}` } as const;
let fakeWindow: FakeWindow;
const open: MessageChannel[] = [];

function messageChannel(): MessageChannel {
  const created = new MessageChannel();
  open.push(created);
  return created;
}

beforeEach(() => {
  fakeWindow = new FakeWindow();
  vi.stubGlobal('window', fakeWindow);
});

afterEach(() => {
  for (const { port1, port2 } of open.splice(0)) {
    port1.close();
    port2.close();
  }
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('connectToElectron', () => {
  it('takes the ports of its own preload: procedures, then the channel', async () => {
    const rpc = messageChannel();
    const channel = messageChannel();
    const connection = await connectToElectron({
      ...bridge,
      requestPorts: (nonce) =>
        fakeWindow.post({ type: 'tallylight-ports', nonce }, [rpc.port1, channel.port1]),
    });
    const received = new Promise<Uint8Array>((resolve) => connection.channel.onMessage(resolve));
    channel.port2.postMessage(Uint8Array.of(1, 2, 3));
    expect([...(await received)]).toEqual([1, 2, 3]);

    const sent = new Promise<unknown>((resolve) => {
      channel.port2.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data));
      channel.port2.start();
    });
    const bytes = Uint8Array.of(4, 5);
    connection.channel.send(bytes);
    expect(await sent).toEqual(Uint8Array.of(4, 5));
    expect(bytes.byteLength, 'not transferred').toBe(2);
  });

  it('has files opened where they are', async () => {
    const [rpc, channel] = [messageChannel(), messageChannel()];
    const connection = await connectToElectron({
      ...bridge,
      requestPorts: (nonce) =>
        fakeWindow.post({ type: 'tallylight-ports', nonce }, [rpc.port1, channel.port1]),
    });
    const called = new Promise<unknown>((resolve) => {
      rpc.port2.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(data));
      rpc.port2.start();
    });
    const giving = connection.giveFile(new File([], 'a.mp4'), () => undefined);
    expect(JSON.stringify(await called)).toContain('/films/a.mp4');
    giving.catch(() => undefined);
  });

  it('tells when the engine is gone', async () => {
    const rpc = messageChannel();
    const channel = messageChannel();
    const connection = await connectToElectron({
      ...bridge,
      requestPorts: (nonce) =>
        fakeWindow.post({ type: 'tallylight-ports', nonce }, [rpc.port1, channel.port1]),
    });
    const closed = new Promise<void>((resolve) => connection.onClosed(resolve));
    rpc.port2.close();
    await closed;
  });

  it('takes no ports from others, without its nonce, or one alone', async () => {
    vi.useFakeTimers();
    const other = messageChannel();
    const connecting = connectToElectron({
      ...bridge,
      requestPorts: (nonce) => {
        const ports = [other.port1, other.port2];
        fakeWindow.post({ type: 'tallylight-ports', nonce }, ports, {});
        fakeWindow.post({ type: 'tallylight-ports', nonce: 'guess' }, ports);
        fakeWindow.post({ type: 'something else', nonce }, ports);
        fakeWindow.post({ type: 'tallylight-ports', nonce }, [other.port1]);
        fakeWindow.post(undefined, ports);
      },
    });
    const outcome = connecting.catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ info: { code: 'ENGINE_GONE' } });
  });
});
