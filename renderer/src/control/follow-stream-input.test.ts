import {
  describeError,
  serverStreamId,
  streamInputId,
  usualRecording,
  type Settings,
  type StreamChoice,
  type StreamInput,
} from '@tallylight/contract';
import { expect, it, vi } from 'vitest';
import { createAlertsStore } from '../state/alerts-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createSettingsStore } from '../state/settings-store.js';
import { createStreamInputStore } from '../state/stream-input-store.js';
import { followStreamInput } from './follow-stream-input.js';

const settings: Settings = {
  ...{ cameraId: 'c1', microphoneId: 'm1', engine: 'webcodecs', destinationGroups: [] },
  ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
  ...{ language: 'en', holdToStop: false, adaptBitrate: true, bitratePolicy: 'drop-slowest' },
  ...usualRecording,
};
const address = { url: 'rtmp://a/b/c', serverUrl: 'rtmp://a/b', streamKey: 'c' };

it('opens the way in when the stream is chosen, watches it until another is, and tries again when told to', async () => {
  const refused = describeError('PORT_IN_USE', { address: 'a' });
  let opened = 0;
  let left = 0;
  const watched: StreamChoice[] = [];
  const told = [false, true];
  const streamInputClient = {
    open: () => {
      opened += 1;
      const error = Object.assign(new Error('x'), { data: refused });
      return opened === 1 ? Promise.reject(error) : Promise.resolve(address);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the face is asynchronous, and all is there
    async *watch(): AsyncGenerator<StreamInput> {
      try {
        for (const isPublished of told) yield { address, isPublished };
      } finally {
        left += 1;
      }
    },
  };
  const client = {
    settings: { update: () => Promise.resolve(settings) },
    streamInput: {
      ...streamInputClient,
      watch: (choice: StreamChoice) => {
        watched.push(choice);
        return Promise.resolve(streamInputClient.watch());
      },
    },
    // Following needs nothing else.
  } as unknown as EngineClient;
  const store = createSettingsStore(client, settings, createAlertsStore());
  const streamInput = createStreamInputStore();
  const tryAgain = followStreamInput({ client, settings: store, streamInput });
  expect(opened).toBe(0);
  store.getState().update({ cameraId: streamInputId });
  await vi.waitFor(() => expect(streamInput.getState().error).toEqual(refused));
  tryAgain();
  await vi.waitFor(() => expect(streamInput.getState().isPublished).toBe(true));
  expect(streamInput.getState()).toEqual({ address, isPublished: true });
  store.getState().update({ fps: 25 });
  expect(opened).toBe(2);
  store.getState().update({ cameraId: 'c1' });
  const before = left;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(left, 'watched no more').toBe(before);

  // The server's own panel says how one publishes there.
  const from = { app: 'live', name: 'phone' };
  store.getState().update({ cameraId: serverStreamId(from) });
  expect(streamInput.getState(), 'nothing of the last one').toEqual({ isPublished: false });
  await vi.waitFor(() => expect(streamInput.getState().isPublished).toBe(true));
  expect(opened).toBe(2);
  expect(watched.at(-1)).toEqual({ from });
  // Who follows goes on for as long as it is chosen, also into the next test.
  store.getState().update({ cameraId: 'c1' });
});
