import {
  describeError,
  type BroadcastSnapshot,
  type DestinationStatus,
  type FilePlayback,
  type MonitorSnapshot,
} from '@tallylight/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createBroadcastStore } from '../state/broadcast-store.js';
import { monitorOff } from '../state/monitor-store.js';
import { EnginePreview } from './engine-preview.js';
import { MonitorController, type MonitorParts } from './monitor-controller.js';

const snapshotWith = (state: 'live' | 'failed'): BroadcastSnapshot => ({
  ...{ state: 'live', captureSteps: [], capturedBy: 'files' },
  // Nothing else of a destination is looked at.
  outputs: ['one', 'two'].map((id) => ({ type: 'rtmp', id, state }) as DestinationStatus),
});

/** Looks at pictures that are all alike. */
const createPictureSampler = () => ({
  look: (at: number) => ({ at, cells: new Float32Array(144).fill(90) }),
});

const opened: MonitorController[] = [];
afterEach(() => {
  for (const monitor of opened.splice(0)) monitor.close();
  vi.unstubAllGlobals();
});

/** A monitor of an engine that tells `told` of each destination, and keeps on until it is let go of. */
function open(told: MonitorSnapshot | Error, playback?: FilePlayback) {
  const files = createStore(() => ({ list: { playback } }));
  const broadcast = createBroadcastStore();
  broadcast.getState().receive(snapshotWith('live'));
  const pulled: string[] = [];
  const watch = ({ id }: { id: string }) => {
    if (told instanceof Error) return Promise.reject(told);
    pulled.push(`${id} begins`);
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    let isTold = false;
    const iterator: AsyncIterableIterator<MonitorSnapshot> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        if (isTold) await over;
        const done = isTold;
        isTold = true;
        return done ? { done, value: undefined } : { done, value: told };
      },
      return: () => {
        pulled.push(`${id} ends`);
        end();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return Promise.resolve(iterator);
  };
  const monitor = new MonitorController({
    ...{ broadcast, enginePreview: new EnginePreview(), client: { monitor: { watch } } },
    media: { pictureClock: () => Date.now(), createPictureSampler },
    capture: { store: createStore(() => ({ type: 'closed' })) },
    settings: createStore(() => ({ settings: { width: 16, height: 9 } })),
    files,
  } as unknown as MonitorParts);
  opened.push(monitor);
  return { monitor, broadcast, pulled };
}

const playing: MonitorSnapshot = { state: 'playing', way: 'rtmp', hasAudio: true };

it('pulls back one destination at a time, and lets go of it with another and when it is closed', async () => {
  const { monitor, pulled } = open(playing);
  monitor.open('one');
  await vi.waitFor(() => expect(monitor.store.getState().snapshot).toEqual(playing));
  monitor.open('two');
  expect(monitor.store.getState()).toEqual({ ...monitorOff, outputId: 'two' });
  await vi.waitFor(() => expect(pulled).toEqual(['one begins', 'one ends', 'two begins']));
  monitor.close();
  expect(pulled.at(-1)).toBe('two ends');
  expect(monitor.store.getState()).toBe(monitorOff);
});

it('ends with its destination, and not with a snapshot that has it still', async () => {
  const { monitor, broadcast, pulled } = open(playing);
  monitor.open('one');
  await vi.waitFor(() => expect(pulled).toEqual(['one begins']));
  broadcast.getState().receive(snapshotWith('live'));
  expect(monitor.store.getState().outputId).toBe('one');
  broadcast.getState().receive(snapshotWith('failed'));
  expect(monitor.store.getState()).toBe(monitorOff);
  expect(pulled).toEqual(['one begins', 'one ends']);
});

it('says why the engine does not pull it back', async () => {
  const error = describeError('OUTPUT_NOT_FOUND', { output: 'one' });
  const { monitor } = open(Object.assign(new Error('refused'), { data: error }));
  monitor.open('one');
  await vi.waitFor(() => expect(monitor.store.getState().error).toEqual(error));
});

describe('each second', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells in which window, and with which source, how late it is cannot be known', async () => {
    const { monitor, broadcast } = open(playing);
    const toldOf = async (change: Partial<BroadcastSnapshot>) => {
      broadcast.getState().receive({ ...snapshotWith('live'), ...change });
      await vi.advanceTimersByTimeAsync(1_000);
      return monitor.store.getState().delay.type;
    };
    monitor.open('one');
    expect(await toldOf({ capturedBy: 'files' })).toBe('files');
    expect(await toldOf({ capturedBy: 'stream' })).toBe('stream');
    expect(await toldOf({ capturedBy: 'renderer' })).toBe('elsewhere');
    // No picture has come for a moment: that is no other window.
    broadcast.setState({ startedHere: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await toldOf({ capturedBy: 'renderer' })).toBe('measuring');
    broadcast.setState({ startedHere: false });
    monitor.open('one');
    expect(await toldOf({ capturedBy: 'ffmpeg' })).toBe('measuring');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await toldOf({ capturedBy: 'ffmpeg' })).toBe('elsewhere');
  });

  it('finds no fault with a slate that is sent on purpose', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.resolve({ close: () => undefined }));
    const verdictOf = async (change: Partial<BroadcastSnapshot>, isPaused: boolean) => {
      const { monitor, broadcast } = open(playing, { id: 'file', positionMs: 0, isPaused });
      const statistics = { audio: { frames: 9 } } as BroadcastSnapshot['statistics'];
      broadcast.getState().receive({ ...snapshotWith('live'), statistics, ...change });
      monitor.open('one');
      for (let tick = 0; tick < 40; tick++) {
        await monitor.show(new Uint8Array(), -Infinity);
        await vi.advanceTimersByTimeAsync(500);
      }
      return monitor.store.getState().verdict;
    };
    expect(await verdictOf({}, false)).toHaveProperty('silentSince');
    expect(await verdictOf({}, true)).toEqual({});
    const stream = { capturedBy: 'stream' } as const;
    expect(await verdictOf({ ...stream, presence: 'live' }, false)).toHaveProperty('silentSince');
    expect(await verdictOf({ ...stream, presence: 'slate' }, false)).toEqual({});
  });
});
