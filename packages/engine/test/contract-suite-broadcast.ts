import { describe, expect, it, vi } from 'vitest';
import {
  builtInProfileId,
  describeError,
  MediaChannelWriter,
  type BroadcastSnapshot,
  type StartInput,
} from '@tallylight/contract';
import { container, failure, mebi, type ContractFixture } from './contract-fixture.js';

const startInput: StartInput = {
  source: { type: 'renderer', format: 'packets', hasAudio: true, name: 'Camera', captureId: 1 },
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

/** Who may start, watch and end a broadcast, and what ends it. */
export function broadcastTests(current: () => ContractFixture): void {
  describe('watching the broadcast', () => {
    it('yields the current snapshot at once, then the new ones', async () => {
      const { engine, window } = current();
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
      const { engine, window } = current();
      const watch = await window.client.broadcast.watch();
      await watch.next();
      expect(engine.watchers).toBe(1);
      await watch.return();
      await vi.waitFor(() => expect(engine.watchers).toBe(0));
    });

    it('ends at the engine when the window cancels its call', async () => {
      const { engine, window } = current();
      const cancel = new AbortController();
      const watch = await window.client.broadcast.watch(undefined, { signal: cancel.signal });
      await watch.next();
      const rejected = expect(watch.next()).rejects.toThrow();
      cancel.abort();
      await rejected;
      await vi.waitFor(() => expect(engine.watchers).toBe(0));
    });

    it('ends at the engine when the window goes away', async () => {
      const { engine, window } = current();
      const watch = await window.client.broadcast.watch();
      await watch.next();
      const rejected = expect(watch.next()).rejects.toThrow();
      window.disconnect();
      await rejected;
      await vi.waitFor(() => expect(engine.watchers).toBe(0));
    });

    it('ends in the window when the engine closes', async () => {
      const { engine, window } = current();
      const watch = await window.client.broadcast.watch();
      await watch.next();
      const next = watch.next();
      await engine.close();
      expect(await next).toMatchObject({ done: true });
    });

    it('shows two windows the same', async () => {
      const { transport, window } = current();
      const other = await transport.connect();
      const watches = [await window.client.broadcast.watch(), await other.client.broadcast.watch()];
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
    it.each([
      [{ flush: true }, ['flush']],
      [{ flush: false }, []],
      [undefined, []],
    ])('that is stopped with %j is delivered to its end, or not', async (input, asked) => {
      const { engine, window } = current();
      await window.client.broadcast.start(startInput);
      await window.client.broadcast.stop(input);
      expect(engine.broadcast.asked).toEqual(asked);
    });

    it('ends with the error that the renderer reports', async () => {
      const { engine, window } = current();
      await window.client.broadcast.start(startInput);
      const error = describeError('CAMERA_DENIED', {}, 'camera');
      await window.client.broadcast.captureFailed(error);
      await vi.waitFor(() => expect(engine.snapshot).toMatchObject({ state: 'ended', error }));
    });

    it('ends with an error when its window goes away, and another can start', async () => {
      const { engine, transport, window } = current();
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
      const { engine, transport, window } = current();
      const other = await transport.connect();
      await (await other.client.broadcast.watch()).next();
      await window.client.broadcast.start(startInput);
      other.disconnect();
      await vi.waitFor(() => expect(engine.connections).toBe(1));
      expect(engine.snapshot.state).toBe('connecting');
    });

    it('does not leave a writer waiting for credits when it is over', async () => {
      const { engine, window } = current();
      const writer = new MediaChannelWriter(window.channel);
      await window.client.broadcast.start(startInput);
      const writes = Array.from({ length: 20 }, () => writer.write(container(mebi)));
      await vi.waitFor(() => expect(writer.credits).toBeLessThanOrEqual(0));
      engine.broadcast.fail(describeError('CONNECTION_LOST', {}));
      await Promise.all(writes);
      await writer.write({ type: 'end' });

      const unknown = window.client.broadcast.start({ ...startInput, profileIds: ['nobody'] });
      expect(await failure(unknown)).toMatchObject({ code: 'PROFILE_NOT_FOUND' });
      for (let index = 0; index < 20; index++) await writer.write(container(mebi));
    });
  });
}

/** What a window may do with the outputs and the encoder of a broadcast that runs. */
export function outputTests(current: () => ContractFixture): void {
  describe('the outputs of a broadcast', () => {
    const other = { name: 'Other', serverUrl: 'rtmp://example.com/app', streamKey: 'live_k3y' };

    it('are added, ended, tried again and removed, and every window sees it', async () => {
      const { engine, window } = current();
      const { broadcast, profiles } = window.client;
      await broadcast.start(startInput);
      const saved = await profiles.save(other);
      const added = await broadcast.addOutput({ type: 'profile', profileId: saved.id });
      expect(added).toEqual({ id: saved.id });
      const recording = await broadcast.addOutput({ type: 'recording' });
      expect(engine.snapshot.outputs).toMatchObject([
        { type: 'rtmp', reach: 'public', name: 'Other', url: other.serverUrl },
        { type: 'recording', reach: 'local' },
      ]);
      expect(JSON.stringify(engine.snapshot)).not.toContain(other.streamKey);
      await broadcast.finishOutput(recording);
      await broadcast.retryOutput(added);
      await broadcast.networkUp();
      const asked = [`finish ${recording.id}`, `retry ${saved.id}`, 'network up'];
      expect(engine.broadcast.asked).toEqual(asked);
      await broadcast.removeOutput(added);
      expect(engine.snapshot.outputs.map(({ id }) => id)).toEqual([recording.id]);
    });

    it('are nothing off air, and what is not there is said', async () => {
      const { window } = current();
      const { broadcast } = window.client;
      const nobody = { id: 'nobody' };
      for (const call of [
        broadcast.addOutput({ type: 'recording' }),
        broadcast.saveReplay(),
        broadcast.pauseOutput(nobody),
        broadcast.resumeOutput(nobody),
        broadcast.removeOutput(nobody),
        broadcast.finishOutput(nobody),
        broadcast.retryOutput(nobody),
        broadcast.setVideoBitrate({ videoBitrate: 1_000_000 }),
      ]) {
        expect(await failure(call)).toMatchObject({ code: 'NOT_BROADCASTING' });
      }
      await broadcast.networkUp();
      await broadcast.start(startInput);
      expect(await failure(broadcast.removeOutput(nobody))).toMatchObject({
        code: 'OUTPUT_NOT_FOUND',
        data: { output: 'nobody' },
      });
      const unknown = broadcast.addOutput({ type: 'profile', profileId: 'nobody' });
      expect(await failure(unknown)).toMatchObject({ code: 'PROFILE_NOT_FOUND' });
    });

    it('get another bitrate where the source can, within the limits', async () => {
      const { engine, window } = current();
      const { broadcast } = window.client;
      await broadcast.start(startInput);
      await broadcast.setVideoBitrate({ videoBitrate: 1_500_000 });
      expect(engine.broadcast.asked).toEqual(['bitrate 1500000']);
      const cannot = broadcast.setVideoBitrate({ videoBitrate: 60_000 });
      expect(await failure(cannot)).toMatchObject({ code: 'CANNOT_CHANGE_BITRATE' });
      const absurd = broadcast.setVideoBitrate({ videoBitrate: 1 });
      expect(await failure(absurd)).toMatchObject({ code: 'INVALID_OPTION' });
    });
  });

  describe('the preview', () => {
    it('goes to the window that asks for it; watching moves nothing', async () => {
      const { engine, transport, window } = current();
      const second = await transport.connect();
      await window.client.broadcast.showPreview();
      const first = engine.previewChannel;
      expect(first).toBeDefined();
      await (await second.client.broadcast.watch()).next();
      expect(engine.previewChannel).toBe(first);
      await second.client.broadcast.showPreview();
      expect(engine.previewChannel).not.toBe(first);
      second.disconnect();
    });
  });
}

/** Reads on until the state stops changing for good. */
async function last(watch: AsyncIterator<BroadcastSnapshot, unknown>): Promise<BroadcastSnapshot> {
  for (;;) {
    const next = await watch.next();
    if (next.done) throw new Error('the watch ended before the broadcast');
    if (next.value.state === 'ended') return next.value;
  }
}
