import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDefinedError, safe } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  builtInProfileId,
  describeError,
  initialLaneCredits,
  maxLaneMessageBytes,
  MediaLaneWriter,
  parseLaneMessage,
  serializeLaneMessage,
  type BroadcastSnapshot,
  type contract,
  type LaneMessage,
  type LanePort,
  type StartInput,
} from '@tallylight/contract';
import { TestEngine } from './test-engine.js';

/** What a window has of the engine, through some transport. */
export interface WindowConnection {
  readonly client: ContractRouterClient<typeof contract>;
  readonly lane: LanePort;
  /** Sends something else than a call where calls are expected. */
  sendRaw(data: string | Uint8Array): void;
  /** Ends both ways as a window does that is closed. */
  disconnect(): void;
}

export interface Transport {
  connect(): Promise<WindowConnection>;
  close(): Promise<void>;
}

/** How a shell brings a window and an engine together. */
export type OpenTransport = (engine: TestEngine) => Promise<Transport>;

const mebi = 1024 * 1024;
const never = new AbortController().signal;

const startInput: StartInput = {
  source: { type: 'renderer', format: 'packets', hasAudio: true },
  encoding: {
    width: 1280,
    height: 720,
    fps: 30,
    videoBitrate: 2_500_000,
    audioBitrate: 128_000,
    keyframeInterval: 2,
  },
  profileIds: [builtInProfileId],
};

/** What every transport between a window and an engine must do; run over each of them. */
export function contractSuite(name: string, openTransport: OpenTransport): void {
  describe(`the contract over ${name}`, () => {
    let directory: string;
    let engine: TestEngine;
    let transport: Transport;
    let window: WindowConnection;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'tallylight-contract-'));
      engine = await TestEngine.open(directory);
      transport = await openTransport(engine);
      window = await transport.connect();
    });

    afterEach(async () => {
      await engine.close();
      window.disconnect();
      await transport.close();
      await rm(directory, { recursive: true, force: true });
    });

    /** The error of a call that must fail, as the window sees it. */
    const failure = async (call: Promise<unknown>): Promise<unknown> => {
      const { error } = await safe(call);
      if (!error || !isDefinedError(error))
        throw new Error(`not the contract's error: ${String(error)}`);
      return (error as { data: unknown }).data;
    };

    describe('procedures', () => {
      it('tell about the engine', async () => {
        const info = await window.client.system.info();
        expect(info).toMatchObject({ version: '1.2.3', secrets: { protection: 'key-file' } });
      });

      it('keep settings, field by field', async () => {
        const before = await window.client.settings.get();
        const after = await window.client.settings.update({ fps: 60, cameraId: 'front' });
        expect(after).toEqual({ ...before, fps: 60, cameraId: 'front' });
        expect(await window.client.settings.get()).toEqual(after);
      });

      it('refuse settings that make no sense, and keep the old ones', async () => {
        const before = await window.client.settings.get();
        expect(
          await failure(window.client.settings.update({ fps: 0, width: 1280.5 })),
        ).toMatchObject({
          code: 'INVALID_OPTION',
          data: { reason: expect.stringMatching(/width: .*fps: /) as string },
        });
        expect(await window.client.settings.get()).toEqual(before);
      });

      it('create, change, list and remove profiles, whose keys are told only when asked for', async () => {
        const { profiles } = window.client;
        const streamKey = 'live_517_verysecret';
        const input = { name: 'Club', serverUrl: 'rtmp://example.com/app' };
        const saved = await profiles.save({ ...input, streamKey });
        expect(saved).toEqual({ ...input, id: saved.id, hasKey: true, readOnly: false });

        const renamed = await profiles.save({ ...input, id: saved.id, name: 'Club 2' });
        const list = await profiles.list();
        expect(list.map(({ id }) => id)).toEqual([builtInProfileId, saved.id]);
        expect(list[1]).toEqual(renamed);
        expect(JSON.stringify(list)).not.toContain(streamKey);
        expect(await readFile(join(directory, 'profiles.json'), 'utf8')).not.toContain(streamKey);
        expect(await profiles.revealKey({ id: saved.id })).toEqual({ streamKey });

        await profiles.remove({ id: saved.id });
        expect(await profiles.list()).toHaveLength(1);
      });

      it('give an error as it is in the catalogue, whole', async () => {
        const remove = window.client.profiles.remove({ id: 'nobody' });
        expect(await failure(remove)).toEqual(
          describeError('PROFILE_NOT_FOUND', { profile: 'nobody' }),
        );
        const change = window.client.profiles.save({
          id: builtInProfileId,
          name: 'Mine',
          serverUrl: 'rtmp://example.com/app',
        });
        expect(await failure(change)).toMatchObject({ code: 'PROFILE_READ_ONLY' });
      });

      it('never repeat a value that they refuse', async () => {
        const streamKey = `sekrit${'x'.repeat(2000)}`;
        const save = window.client.profiles.save({
          name: 'Long',
          serverUrl: 'rtmp://example.com/app',
          streamKey,
        });
        const error = await failure(save);
        expect(error).toMatchObject({ code: 'INVALID_OPTION' });
        expect(JSON.stringify(error)).not.toContain('sekrit');
      });

      it('call what nobody foresaw INTERNAL, log it, and go on', async () => {
        engine.breakDevices('the bus is on fire');
        expect(await failure(window.client.devices.list())).toMatchObject({ code: 'INTERNAL' });
        expect(engine.log).toContain('the bus is on fire');
        expect(await window.client.system.info()).toMatchObject({ version: '1.2.3' });
      });

      it('answer several calls at once', async () => {
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            index % 2 ? window.client.profiles.list() : window.client.settings.get(),
          ),
        );
        expect(answers.filter(Array.isArray)).toHaveLength(15);
      });

      it.each([
        ['text', 'hello'],
        ['broken JSON', '{"i":'],
        ['a message of no known form', '{"i":"1","t":99,"p":{}}'],
        ['a call whose path is no text', '{"i":"1","p":{"u":7}}'],
        ['bytes', Uint8Array.of(0, 255, 1, 2, 3)],
      ])('end the connection of a window that sends %s, and no other', async (_, data) => {
        const other = await transport.connect();
        const closed = new Promise<void>((resolve) => window.lane.onClose(resolve));
        window.sendRaw(data);
        await closed;
        await expect(window.client.system.info()).rejects.toThrow();
        expect(await other.client.system.info()).toMatchObject({ version: '1.2.3' });
        expect(engine.log).toContain('not a call');
        other.disconnect();
      });

      it('refuse a call of nothing that is in the contract', async () => {
        const client = window.client as unknown as Record<'nothing', { there(): Promise<unknown> }>;
        await expect(client.nothing.there()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });

      it('fail, rather than hang, when the connection ends', async () => {
        engine.holdDevices();
        const rejected = expect(window.client.devices.list()).rejects.toThrow();
        await vi.waitFor(() => expect(engine.heldCalls).toBe(1));
        window.disconnect();
        await rejected;
      });
    });

    describe('watching the broadcast', () => {
      it('yields the current snapshot at once, then the new ones', async () => {
        const watch = await window.client.broadcast.watch();
        expect((await watch.next()).value).toMatchObject({ state: 'idle' });
        await window.client.broadcast.start(startInput);
        expect((await watch.next()).value).toMatchObject({ state: 'connecting' });
        engine.broadcast.change({ state: 'live', liveAt: 5 });
        expect((await watch.next()).value).toMatchObject({ state: 'live', liveAt: 5 });
        await window.client.broadcast.stop();
        expect((await last(watch)).state).toBe('ended');
      });

      it('ends at the engine when the window has seen enough', async () => {
        const watch = await window.client.broadcast.watch();
        await watch.next();
        expect(engine.watchers).toBe(1);
        await watch.return();
        await vi.waitFor(() => expect(engine.watchers).toBe(0));
      });

      it('ends at the engine when the window cancels its call', async () => {
        const cancel = new AbortController();
        const watch = await window.client.broadcast.watch(undefined, { signal: cancel.signal });
        await watch.next();
        const rejected = expect(watch.next()).rejects.toThrow();
        cancel.abort();
        await rejected;
        await vi.waitFor(() => expect(engine.watchers).toBe(0));
      });

      it('ends at the engine when the window goes away', async () => {
        const watch = await window.client.broadcast.watch();
        await watch.next();
        const rejected = expect(watch.next()).rejects.toThrow();
        window.disconnect();
        await rejected;
        await vi.waitFor(() => expect(engine.watchers).toBe(0));
      });

      it('ends in the window when the engine closes', async () => {
        const watch = await window.client.broadcast.watch();
        await watch.next();
        const next = watch.next();
        await engine.close();
        expect(await next).toMatchObject({ done: true });
      });

      it('shows two windows the same', async () => {
        const other = await transport.connect();
        const watches = [
          await window.client.broadcast.watch(),
          await other.client.broadcast.watch(),
        ];
        for (const watch of watches) await watch.next();
        await window.client.broadcast.start(startInput);
        for (const watch of watches) {
          expect((await watch.next()).value).toMatchObject({ state: 'connecting' });
        }
        expect(await failure(other.client.broadcast.start(startInput))).toMatchObject({
          code: 'BROADCAST_ACTIVE',
        });
        other.disconnect();
      });
    });

    describe('a broadcast of the window', () => {
      it('ends with the error that the renderer reports', async () => {
        await window.client.broadcast.start(startInput);
        const error = describeError('CAMERA_DENIED', {}, 'camera');
        await window.client.broadcast.captureFailed(error);
        await vi.waitFor(() => expect(engine.snapshot).toMatchObject({ state: 'ended', error }));
      });

      it('ends with an error when its window goes away, and another can start', async () => {
        const other = await transport.connect();
        await window.client.broadcast.start(startInput);
        window.disconnect();
        await vi.waitFor(() => {
          expect(engine.snapshot).toMatchObject({
            state: 'ended',
            error: { code: 'WINDOW_GONE' },
          });
        });
        await other.client.broadcast.start(startInput);
        other.disconnect();
      });

      it('outlives a window that only watches', async () => {
        const other = await transport.connect();
        await (await other.client.broadcast.watch()).next();
        await window.client.broadcast.start(startInput);
        other.disconnect();
        await vi.waitFor(() => expect(engine.connections).toBe(1));
        expect(engine.snapshot.state).toBe('connecting');
      });

      it('gets nothing of what the one before left on the lane', async () => {
        const writer = new MediaLaneWriter(window.lane);
        await window.client.broadcast.start(startInput);
        await writer.write({ type: 'dropped', frames: 1 });
        engine.broadcast.fail(describeError('CONNECTION_LOST', {}));
        await writer.write({ type: 'dropped', frames: 2 });
        await writer.write({ type: 'end' });

        await window.client.broadcast.start(startInput);
        await writer.write({ type: 'dropped', frames: 3 });
        expect(await engine.lane.read(never)).toEqual({ type: 'dropped', frames: 3 });
      });

      it('does not leave a writer waiting for credits when it is over', async () => {
        const writer = new MediaLaneWriter(window.lane);
        await window.client.broadcast.start(startInput);
        const writes = Array.from({ length: 20 }, () => writer.write(container(mebi)));
        await vi.waitFor(() => expect(writer.credits).toBeLessThanOrEqual(0));
        engine.broadcast.fail(describeError('CONNECTION_LOST', {}));
        await Promise.all(writes);
        await writer.write({ type: 'end' });
      });
    });

    describe('the media lane', () => {
      it('carries frames whole and in order', async () => {
        const writer = new MediaLaneWriter(window.lane);
        const frames = Array.from({ length: 50 }, (_, index): LaneMessage => {
          const payload = new Uint8Array(10 * index).fill(index);
          const times = { pts: index * 33_333.5, dts: index * 33_333 };
          return { type: 'frame', track: 'video', keyframe: index % 10 === 0, ...times, payload };
        });
        for (const frame of frames) await writer.write(frame);
        for (const frame of frames) expect(await engine.lane.read(never)).toEqual(frame);
      });

      it('makes a sender wait that outruns a stalled engine, and loses nothing', async () => {
        const writer = new MediaLaneWriter(window.lane);
        const count = 40;
        let sent = 0;
        const sending = (async () => {
          for (let index = 0; index < count; index++) {
            const payload = new Uint8Array(mebi);
            payload[0] = index;
            await writer.write({ type: 'container', payload });
            sent++;
          }
        })();
        // A round trip of procedures is time enough for a sender that would not wait.
        for (let trip = 0; trip < 20; trip++) await window.client.settings.get();
        expect(sent).toBe(initialLaneCredits / mebi);

        for (let index = 0; index < count; index++) {
          const message = await engine.lane.read(never);
          expect(message?.type === 'container' && message.payload[0]).toBe(index);
        }
        await sending;
        expect(sent).toBe(count);
      });

      it('has one preview in flight', async () => {
        const shown: (() => void)[] = [];
        const pictures: number[] = [];
        const writer = new MediaLaneWriter(window.lane, (jpeg) => {
          pictures.push(jpeg[0] ?? -1);
          return new Promise((resolve) => shown.push(resolve));
        });
        for (let index = 0; index < 10; index++) engine.lane.sendPreview(Uint8Array.of(index));
        await vi.waitFor(() => expect(pictures).toEqual([0]));
        await window.client.settings.get();
        expect(pictures).toEqual([0]);
        shown[0]?.();
        await vi.waitFor(() => {
          engine.lane.sendPreview(Uint8Array.of(10));
          expect(pictures).toEqual([0, 10]);
        });
        expect(writer.credits).toBe(initialLaneCredits);
      });

      it.each([
        ['garbage', () => Uint8Array.of(1, 2, 3)],
        ['an unknown message', () => new Uint8Array(24).fill(77)],
        ['more than a message may hold', () => new Uint8Array(maxLaneMessageBytes + 1).fill(3)],
        [
          'what only the engine may send',
          () => serializeLaneMessage({ type: 'credit', bytes: 1_000_000 }),
        ],
      ])('is closed by %s', async (_, bytes) => {
        const closed = new Promise<void>((resolve) => window.lane.onClose(resolve));
        const { lane } = engine;
        window.lane.send(bytes());
        await closed;
        expect(lane.closed).toBe(true);
        expect(await lane.read(never)).toBeUndefined();
      });

      it('tells the window when the engine closes it, and a waiting writer with it', async () => {
        const writer = new MediaLaneWriter(window.lane);
        await writer.write(container(initialLaneCredits));
        const waiting = writer.write(container(1));
        const rejected = expect(waiting).rejects.toThrow('closed');
        engine.lane.close();
        await rejected;
      });

      it('gives credits only for what was read', async () => {
        const credits: number[] = [];
        window.lane.onMessage((bytes) => {
          const message = parseLaneMessage(bytes);
          if (message?.type === 'credit') credits.push(message.bytes);
        });
        window.lane.send(serializeLaneMessage(container(mebi)));
        await engine.lane.read(never);
        await vi.waitFor(() => expect(credits).toEqual([mebi + 24]));
      });
    });
  });
}

const container = (bytes: number): LaneMessage => ({
  type: 'container',
  payload: new Uint8Array(bytes),
});

/** Reads on until the state stops changing for good. */
async function last(watch: AsyncIterator<BroadcastSnapshot, unknown>): Promise<BroadcastSnapshot> {
  for (;;) {
    const next = await watch.next();
    if (next.done) throw new Error('the watch ended before the broadcast');
    if (next.value.state === 'ended') return next.value;
  }
}
