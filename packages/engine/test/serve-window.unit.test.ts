import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtInProfileId, type ChannelPort, type StartInput } from '@tallylight/contract';
import type { ProcedurePort } from '../src/window/serve-window.js';
import { TestEngine } from './test-engine.js';

/** The engine's end of the procedures, of which the test decides when a message is on its way. */
class SlowPort implements ProcedurePort {
  readonly sent: string[] = [];
  closed = false;
  /** Why nothing can be sent any more. */
  broken: Error | undefined;
  readonly #pending: (() => void)[] = [];
  #listener: (message: unknown) => void = () => undefined;

  send(message: string): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    this.sent.push(message);
    return new Promise((resolve) => this.#pending.push(resolve));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }
  onClose(): void {
    // Nor does a real port tell the end that closes it.
  }
  close(): void {
    this.closed = true;
  }
  receive(message: unknown): void {
    this.#listener(message);
  }
  /** Lets everything go that waits, until nothing new comes. */
  async drain(): Promise<void> {
    do {
      for (const resolve of this.#pending.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#pending.length > 0);
  }
}

const quietChannel = (): ChannelPort => ({
  send: () => undefined,
  onMessage: () => undefined,
  onClose: () => undefined,
  close: () => undefined,
});

const startInput: StartInput = {
  source: { type: 'ffmpeg', video: { type: 'test' }, audio: { type: 'none' } },
  encoding: {
    width: 320,
    height: 180,
    fps: 15,
    videoBitrate: 300_000,
    audioBitrate: 64_000,
    keyframeInterval: 1,
  },
  profileIds: [builtInProfileId],
};

const call = (id: string, path: string, json?: unknown): string =>
  JSON.stringify({ i: id, p: { u: `/${path}`, b: { json } } });

describe('serveWindow', () => {
  let directory: string;
  let engine: TestEngine;
  let port: SlowPort;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallylight-serve-'));
    engine = await TestEngine.open(directory);
    port = new SlowPort();
    engine.serve({ procedures: port, channel: quietChannel() });
  });
  afterEach(async () => {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('sends a window that is slow to take them only the newest of many snapshots', async () => {
    port.receive(call('1', 'broadcast/watch'));
    port.receive(call('2', 'broadcast/start', startInput));
    await vi.waitFor(() => expect(engine.snapshot.state).toBe('connecting'));
    await port.drain();
    const before = port.sent.length;
    for (let liveAt = 1; liveAt <= 500; liveAt++) {
      engine.broadcast.change({ state: 'live', liveAt });
      await Promise.resolve();
    }
    await port.drain();
    const after = port.sent.slice(before);
    expect(after.length).toBeLessThanOrEqual(2);
    expect(after.at(-1)).toContain('"liveAt":500');
  });

  it('ends what a window asked for when it is cut off, though its port does not tell', async () => {
    port.receive(call('1', 'broadcast/watch'));
    await port.drain();
    await vi.waitFor(() => expect(engine.watchers).toBe(1));
    port.receive('no call');
    await port.drain();
    await vi.waitFor(() => expect(engine.watchers).toBe(0));
    expect(port.closed).toBe(true);
    expect(engine.channel.closed).toBe(true);
    expect(engine.log).not.toContain('no call');
  });

  it('lets a window go that is closed before it has its answer, which is no fault of it', async () => {
    port.receive(call('1', 'broadcast/watch'));
    await port.drain();
    port.broken = new Error('closed');
    port.receive(call('2', 'profiles/list'));
    await vi.waitFor(() => expect(port.closed).toBe(true));
    await vi.waitFor(() => expect(engine.watchers).toBe(0));
    expect(engine.log).not.toContain('not a call');
  });
});
