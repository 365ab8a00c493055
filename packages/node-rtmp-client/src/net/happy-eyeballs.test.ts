import { createServer, Socket, type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectFirst, interleaved, type ResolvedAddress } from './happy-eyeballs.js';

const never = new AbortController().signal;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function listen(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const v4 = (n: number): ResolvedAddress => ({ address: `192.0.2.${n}`, family: 4 });
const v6 = (n: number): ResolvedAddress => ({ address: `2001:db8::${n}`, family: 6 });

/** Sockets that do nothing of themselves, in the order in which they were begun. */
function silent() {
  const begun: { readonly address: string; readonly socket: Socket }[] = [];
  const open = ({ address }: ResolvedAddress): Socket => {
    const socket = new Socket();
    begun.push({ address, socket });
    return socket;
  };
  return { begun, open };
}

describe('connectFirst', () => {
  it('takes the families by turns, the resolver’s first choice first', () => {
    const order = (addresses: ResolvedAddress[]): string[] =>
      interleaved(addresses).map(({ address }) => address);
    expect(order([v6(1), v6(2), v4(1), v4(2), v4(3)])).toEqual(
      [v6(1), v4(1), v6(2), v4(2), v4(3)].map(({ address }) => address),
    );
    expect(order([v4(1), v6(1)])).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(order([])).toEqual([]);
  });

  it('tries the next at once when one fails, and tells the most telling failure', async () => {
    const { begun, open } = silent();
    const connecting = connectFirst([v4(1), v4(2), v6(1)], open, never);
    const refused = expect(connecting).rejects.toMatchObject({ code: 'refused', phase: 'tcp' });
    const codes = ['EHOSTUNREACH', 'ECONNREFUSED', 'ETIMEDOUT'];
    for (const [i, code] of codes.entries()) {
      begun[i]?.socket.destroy(Object.assign(new Error(code), { code }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await refused;
    expect(begun.map(({ address }) => address)).toEqual(['192.0.2.1', '2001:db8::1', '192.0.2.2']);
  });

  it('does not wait for one that is silent, and keeps it in the race', async () => {
    const port = await listen();
    const { begun, open } = silent();
    const connecting = connectFirst(
      [v6(1), v4(1)],
      (address) => (address.family === 4 ? connect(port, '127.0.0.1') : open(address)),
      never,
    );
    const socket = await connecting;
    stops.push(() => Promise.resolve(socket.destroy()));
    expect(socket.remotePort).toBe(port);
    expect(begun).toHaveLength(1);
    expect(begun[0]?.socket.destroyed).toBe(true);

    const late = silent();
    const again = connectFirst([v6(1), v6(2)], late.open, never);
    while (late.begun.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    late.begun[0]?.socket.emit('connect');
    expect(await again).toBe(late.begun[0]?.socket);
    expect(late.begun[1]?.socket.destroyed).toBe(true);
    (await again).destroy();
  });

  it('ends with the signal, also one that was aborted before', async () => {
    const { begun, open } = silent();
    const stop = new AbortController();
    const connecting = connectFirst([v4(1), v4(2)], open, stop.signal);
    stop.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'aborted' });
    expect(begun.map(({ socket }) => socket.destroyed)).toEqual([true]);
    await expect(connectFirst([v4(1)], open, stop.signal)).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(connectFirst([], open, never)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
