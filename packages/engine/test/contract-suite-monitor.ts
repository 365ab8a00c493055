import { MediaChannelWriter, type MonitorSnapshot } from '@tallylight/contract';
import { describe, expect, it, vi } from 'vitest';
import { failure, type ContractFixture } from './contract-fixture.js';

const encoding = {
  ...{ width: 1280, height: 720, fps: 30, keyframeInterval: 2 },
  ...{ videoBitrate: 2_500_000, audioBitrate: 128_000 },
};

/** The monitor: for as long as it is watched, and no longer than there is something to watch. */
export function monitorTests(current: () => ContractFixture): void {
  describe('the monitor', () => {
    /** A broadcast to a new destination, on air. */
    async function goLive(): Promise<string> {
      const { engine, window } = current();
      const { id } = await window.client.profiles.save({
        ...{ name: 'Server', serverUrl: 'rtmp://127.0.0.1/live', streamKey: 'key' },
      });
      await window.client.broadcast.start({
        source: { type: 'ffmpeg', video: { type: 'test' }, audio: { type: 'test' } },
        ...{ encoding, profileIds: [id] },
      });
      const { broadcast } = engine;
      broadcast.change({
        state: 'live',
        outputs: [
          {
            ...{ type: 'rtmp', id, name: 'Server', reach: 'public', state: 'live' },
            ...{ url: 'rtmp://127.0.0.1/live', steps: [], bytesSent: 0, framesSent: 0 },
            ...{ framesDropped: 0, reconnects: 0 },
          },
        ],
      });
      return id;
    }

    async function watch(id: string) {
      const { monitor } = current().window.client;
      const snapshots = (await monitor.watch({ id }))[Symbol.asyncIterator]();
      return {
        next: async (): Promise<MonitorSnapshot | 'over'> => {
          const { value, done } = await snapshots.next();
          return done === true ? 'over' : value;
        },
        stop: () => snapshots.return(undefined),
      };
    }

    it('tells how it goes and sends pictures with the loudest sound, until nobody watches', async () => {
      const { engine, window } = current();
      const pictures: [number, number][] = [];
      const shown: (() => void)[] = [];
      new MediaChannelWriter(window.channel, undefined, (jpeg, peakDb) => {
        pictures.push([jpeg[0] ?? -1, peakDb]);
        return new Promise((resolve) => shown.push(resolve));
      });
      const { next, stop } = await watch(await goLive());
      expect(await next()).toEqual({ state: 'connecting', way: 'rtmp' });
      const [monitor] = engine.monitors;
      expect(monitor?.isRunning).toBe(true);
      monitor?.change({ state: 'playing', hasAudio: true });
      expect(await next()).toEqual({ state: 'playing', way: 'rtmp', hasAudio: true });

      const peaks = [-20, -3, -40];
      for (const [index, peakDb] of peaks.entries()) monitor?.show(Uint8Array.of(index), peakDb);
      await vi.waitFor(() => expect(pictures).toEqual([[0, -20]]));
      shown[0]?.();
      // What was too much for the window is not shown, but heard.
      await vi.waitFor(() => {
        monitor?.show(Uint8Array.of(9), -40);
        expect(pictures).toEqual([
          [0, -20],
          [9, -3],
        ]);
      });
      await stop();
      await vi.waitFor(() => expect(monitor?.isRunning).toBe(false));
    });

    it('ends with its destination', async () => {
      const { engine } = current();
      const { next } = await watch(await goLive());
      await next();
      const [output] = engine.broadcast.snapshot.outputs;
      engine.broadcast.change({ outputs: output ? [{ ...output, state: 'stopped' }] : [] });
      expect(await next()).toBe('over');
      await vi.waitFor(() => expect(engine.monitors[0]?.isRunning).toBe(false));
    });

    it('is one for each window: the next takes the place of the one before', async () => {
      const { engine } = current();
      const id = await goLive();
      const first = await watch(id);
      await first.next();
      const second = await watch(id);
      await second.next();
      expect(await first.next()).toBe('over');
      expect(engine.monitors.map(({ isRunning }) => isRunning)).toEqual([false, true]);
      await second.stop();
    });

    it('ends with its window', async () => {
      const { engine, window } = current();
      const { next } = await watch(await goLive());
      await next();
      window.disconnect();
      await vi.waitFor(() => expect(engine.monitors[0]?.isRunning).toBe(false));
    });

    it('is refused where there is no such destination on air', async () => {
      const { window } = current();
      const refused = (id: string): Promise<unknown> =>
        failure(window.client.monitor.watch({ id }));
      expect(await refused('built-in-server')).toMatchObject({ code: 'OUTPUT_NOT_FOUND' });
    });
  });
}
