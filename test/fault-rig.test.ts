import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFromArguments } from './support/fault-rig/command-line.js';
import { FaultRig, type FaultRigOptions } from './support/fault-rig/fault-rig.js';
import { directions, faultScriptSchema, planFaults } from './support/fault-rig/faults.js';
import {
  connectPlain,
  startPlainServer,
  type PlainPeer,
  type PlainServer,
} from './support/fault-rig/plain-peers.js';

let server: PlainServer;
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  server = await startPlainServer();
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await server.stop();
});

async function startRig(options: Omit<FaultRigOptions, 'to'> = {}): Promise<FaultRig> {
  const rig = await FaultRig.start({ to: { port: server.port }, seed: 1, ...options });
  cleanUps.push(() => rig.stop());
  return rig;
}

async function dial(rig: FaultRig): Promise<PlainPeer> {
  const client = await connectPlain(rig.port);
  cleanUps.push(() => client.socket.destroy());
  return client;
}

/** A client, and its other end. */
async function dialThrough(rig: FaultRig): Promise<[PlainPeer, PlainPeer]> {
  const count = server.peers.length;
  const client = await dial(rig);
  return [client, await vi.waitUntil(() => server.peers[count])];
}

const came = (peer: PlainPeer, bytes: number): Promise<unknown> =>
  vi.waitUntil(() => peer.received.length >= bytes, { interval: 2 });

/** Milliseconds until `bytes` have gone up through a rig. */
async function timeUp(rig: FaultRig, bytes: Buffer): Promise<number> {
  const [client, far] = await dialThrough(rig);
  const before = performance.now();
  client.send(bytes);
  await came(far, bytes.length);
  expect(far.received.equals(bytes)).toBe(true);
  return performance.now() - before;
}

describe('a way without faults', () => {
  test('passes all bytes in order, both ways, and each end by itself', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    const [up, down] = [randomBytes(3_000_000), randomBytes(2_000_000)];
    client.socket.end(up);
    await vi.waitUntil(() => far.hasEnded);
    expect(client.hasEnded).toBe(false);
    const closed = rig.next('closed');
    far.socket.end(down);
    await vi.waitUntil(() => client.hasEnded);
    expect([far.received.equals(up), client.received.equals(down)]).toEqual([true, true]);
    expect(await closed).toMatchObject({ by: 'client', how: 'end', up: 3e6, down: 2e6 });
  });

  test('passes the reset of either side on as one', async () => {
    const rig = await startRig();
    const [one, farOfOne] = await dialThrough(rig);
    one.socket.resetAndDestroy();
    await vi.waitUntil(() => farOfOne.error);
    const [two, farOfTwo] = await dialThrough(rig);
    farOfTwo.socket.resetAndDestroy();
    await vi.waitUntil(() => two.error);
    expect([farOfOne.error, two.error]).toEqual(['ECONNRESET', 'ECONNRESET']);
  });

  test('resets whom it cannot lead on', async () => {
    const rig = await startRig();
    await server.stop();
    const unreached = rig.next('unreached');
    const client = await dial(rig);
    expect((await unreached).code).toBe('ECONNREFUSED');
    await vi.waitUntil(() => client.error);
    expect(client.error).toBe('ECONNRESET');
    server = await startPlainServer();
  });
});

describe('a slow way', () => {
  test('takes as long as its rate says, and only in that direction', async () => {
    const bytes = randomBytes(60_000);
    const free = await timeUp(await startRig(), bytes);
    const rig = await startRig({ faults: { rate: { up: 120_000 } } });
    const [client, far] = await dialThrough(rig);
    const before = performance.now();
    client.send(bytes);
    far.send(bytes);
    await came(client, bytes.length);
    // What goes the other way has not waited for it.
    expect(far.received.length).toBeLessThan(bytes.length);
    await came(far, bytes.length);
    const slow = performance.now() - before;
    expect(far.received.equals(bytes)).toBe(true);
    // 500 ms, less the slice that leaves at once and what is made up for late timers.
    expect(slow).toBeGreaterThan(370);
    expect(slow).toBeGreaterThan(free);
  });

  test('takes a new rate for what still waits, too', async () => {
    const bytes = randomBytes(40_000);
    // Nearly three hours of it.
    const rig = await startRig({ faults: { rate: 4 } });
    const [client, far] = await dialThrough(rig);
    client.send(bytes);
    await came(far, 1);
    await rig.apply({ rate: 'unlimited' });
    await came(far, bytes.length);
    expect(far.received.equals(bytes)).toBe(true);
  });

  test('delays every byte by its latency, there and back', async () => {
    const rig = await startRig({ faults: { latency: { up: 60, down: 90 } } });
    const [client, far] = await dialThrough(rig);
    far.socket.on('data', (bytes: Buffer) => far.send(bytes));
    const before = performance.now();
    client.send('ping');
    await came(client, 4);
    expect(performance.now() - before).toBeGreaterThan(145);
  });

  test('delays by chance under jitter, and keeps the order', async () => {
    const rig = await startRig({ faults: { jitter: 20 } });
    const [client, far] = await dialThrough(rig);
    const before = performance.now();
    for (let index = 0; index < 20; index += 1) {
      client.send(Buffer.from([index]));
      await came(far, index + 1);
    }
    // 200 ms as a rule; the seed is always the same.
    expect(performance.now() - before).toBeGreaterThan(150);
    await rig.apply({ jitter: 80 });
    const bytes = randomBytes(1_000_000);
    client.send(bytes);
    await came(far, 20 + bytes.length);
    expect(far.received.subarray(20).equals(bytes)).toBe(true);
  });

  test('reads no more than its buffer holds, and makes the client wait', async () => {
    const rig = await startRig({ bufferBytes: 100_000 });
    const [client, far] = await dialThrough(rig);
    far.socket.pause();
    await rig.stall('up');
    const bytes = randomBytes(20_000_000);
    client.send(bytes);
    await vi.waitUntil(() => rig.bytes('up').held >= 100_000);
    expect(client.socket.writableNeedDrain).toBe(true);
    await rig.stall('none');
    // Now the server does not read.
    await vi.waitUntil(() => rig.bytes('up').held >= 100_000);
    expect(rig.bytes('up').held).toBeLessThan(100_000 + 65_537);
    far.socket.resume();
    await came(far, bytes.length);
    expect(far.received.equals(bytes)).toBe(true);
  });
});

describe('a way that breaks', () => {
  test('passes nothing while it is cut, keeps connections, and lets new ones wait', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    await rig.cut();
    client.send('one');
    far.send('two');
    const second = await dial(rig);
    second.send('three');
    await vi.waitUntil(() => rig.bytes('up').held === 3 && rig.bytes('down').held === 3);
    client.socket.end();
    expect([far.received.length, client.received.length, server.peers.length]).toEqual([0, 0, 1]);
    expect(far.hasEnded).toBe(false);
    await rig.restore();
    await came(far, 3);
    await came(client, 3);
    await vi.waitUntil(() => server.peers[1]?.received.toString() === 'three');
    await vi.waitUntil(() => far.hasEnded);
    expect([far.received.toString(), client.received.toString()]).toEqual(['one', 'two']);
  });

  test('can refuse new connections meanwhile, and is at its port again afterwards', async () => {
    const rig = await startRig();
    const { port } = rig;
    const [client, far] = await dialThrough(rig);
    await rig.refuse();
    client.send('kept');
    expect((await dial(rig)).error).toBe('ECONNREFUSED');
    expect(far.received.length).toBe(0);
    await rig.restore();
    await came(far, 4);
    expect(rig.port).toBe(port);
    const [again, farAgain] = await dialThrough(rig);
    again.send('new');
    await came(farAgain, 3);
  });

  test('resets both sides', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    const closed = rig.next('closed');
    await rig.reset();
    await vi.waitUntil(() => client.error !== undefined && far.error !== undefined);
    expect([client.error, far.error]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await closed).toMatchObject({ by: 'rig', how: 'reset' });
  });

  test('half open, tells the server and not the client, who can connect anew', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    await rig.halfOpen();
    await vi.waitUntil(() => far.hasEnded);
    client.send('into nowhere');
    const [again, farAgain] = await dialThrough(rig);
    again.send('here');
    await came(farAgain, 4);
    expect([client.hasEnded, client.error, client.socket.writable]).toEqual([
      false,
      undefined,
      true,
    ]);
    expect(far.received.length).toBe(0);
  });

  test.each(directions)('stalled %s, goes on in the other direction', async (direction) => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    const [stuck, going] = direction === 'up' ? [far, client] : [client, far];
    await rig.stall(direction);
    client.send('hello');
    far.send('hello');
    await came(going, 5);
    await vi.waitUntil(() => rig.bytes(direction).held === 5);
    expect(stuck.received.length).toBe(0);
    await rig.stall('none');
    await came(stuck, 5);
  });

  test('changes exactly the byte that it is told to', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    const bytes = randomBytes(200_000);
    await rig.apply({ corrupt: { direction: 'up', offset: 150_001 } });
    client.send(bytes);
    await came(far, bytes.length);
    const changed = [...far.received].flatMap((byte, at) => (byte === bytes[at] ? [] : [at]));
    expect(changed).toEqual([150_001]);
    await rig.apply({ corrupt: { direction: 'down' } });
    far.send(Buffer.from([1, 2, 3]));
    await came(client, 3);
    expect([...client.received]).toEqual([0xfe, 2, 3]);
  });

  test('leads a connection on, and reads it, only after the delay', async () => {
    const rig = await startRig({ faults: { acceptDelay: 150 } });
    const [connected, reached] = [rig.next('connected'), rig.next('reached')];
    const [client, far] = await dialThrough(rig);
    client.send('late');
    await came(far, 4);
    expect((await reached).atMs - (await connected).atMs).toBeGreaterThanOrEqual(148);
  });
});

describe('a script', () => {
  test('is played in the order of its times, and logged without a byte of what passed', async () => {
    const rig = await startRig();
    const [client, far] = await dialThrough(rig);
    client.send('live/se-cret-key');
    await came(far, 16);
    const script = faultScriptSchema.parse([
      { at: 60, link: 'up' },
      { at: 20, link: 'cut' },
      { at: 80, reset: true },
      { at: 5, every: 5, times: 3, latency: 10 },
    ]);
    const begun = performance.now();
    await rig.play(script);
    // Never earlier than planned, but for what a timer rounds; a busy machine may be later.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(79);
    await vi.waitUntil(() => rig.log.at(-1)?.type === 'closed');
    const faults = rig.log.flatMap((event) => (event.type === 'faults' ? [event] : []));
    expect(faults.map((event) => event.faults)).toEqual([
      ...[{ latency: 10 }, { latency: 10 }, { latency: 10 }],
      ...[{ link: 'cut' }, { link: 'up' }, { reset: true }],
    ]);
    expect(rig.log.at(-1)).toMatchObject({ type: 'closed', connection: 1, up: 16, down: 0 });
    expect(JSON.stringify(rig.log)).not.toContain('cret');
  });

  test('has its random moments in the same order for the same seed', async () => {
    const steps = Array.from({ length: 6 }, (_, index) => ({ at: [0, 60], latency: index }));
    const script = faultScriptSchema.parse(steps);
    const played = async (seed: number): Promise<unknown[]> => {
      const rig = await startRig({ seed });
      await rig.play(script);
      return rig.log.flatMap((event) => (event.type === 'faults' ? [event.faults.latency] : []));
    };
    const [one, same, other] = [await played(7), await played(7), await played(8)];
    expect(one).toHaveLength(6);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('has its random moments within their bounds', () => {
    const script = faultScriptSchema.parse([{ at: [1_000, 5_000], reset: true }]);
    expect(planFaults(script, () => 0.25)).toEqual([{ atMs: 2_000, faults: { reset: true } }]);
  });

  test.each([
    ['an unknown fault', [{ at: 0, fire: true }]],
    ['a step that does nothing', [{ at: 0 }]],
    ['a time before the beginning', [{ at: -1, reset: true }]],
    ['a repetition without an end', [{ at: 0, every: 5, reset: true }]],
    ['no step', []],
  ])('with %s is refused', (_, script) => {
    expect(faultScriptSchema.safeParse(script).success).toBe(false);
  });
});

describe('on the command line', () => {
  test('prints what happens, passes what comes, and ends by SIGINT', async () => {
    const file = fileURLToPath(new URL('../scripts/fault-rig.mjs', import.meta.url));
    const args = [file, '--to', `127.0.0.1:${server.port}`, '--latency', '5', '--seed', '3'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUps.push(() => child.kill('SIGKILL'));
    const lines: Record<string, unknown>[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as never));
    await vi.waitUntil(() => lines.length === 2);
    expect(lines[0]).toMatchObject({ type: 'listening', seed: 3 });
    expect(lines[1]).toMatchObject({ faults: { latency: 5 } });
    const client = await connectPlain(Number(lines[0]?.['port']));
    client.send('hello');
    await vi.waitUntil(() => server.peers[0]?.received.toString() === 'hello');
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    client.socket.destroy();
    expect(lines.at(-1)).toMatchObject({ type: 'closed', by: 'rig', up: 5 });
  });

  test.each([
    ['no server', []],
    ['an unknown option', ['--to', '1935', '--speed', '5']],
    ['what is no number', ['--to', '1935', '--rate', 'fast']],
    ['a place without a port', ['--to', 'localhost']],
  ])('refuses %s', async (_, args) => {
    await expect(startFromArguments(args, () => undefined)).rejects.toThrow();
  });
});
