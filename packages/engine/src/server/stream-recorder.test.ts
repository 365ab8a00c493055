import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHub, type FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { createLogger } from '../logger.js';
import { StreamRecorder } from './stream-recorder.js';

const video = (type: 'config' | 'frame'): FlvItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'video', codec: 'h264', type, keyframe: true },
    ...{ pts: 0, dts: 0, payload: new Uint8Array(8) },
  },
});

test('a stream without a single frame leaves no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-recorder-'));
  const hub = new LiveHub();
  const recorder = new StreamRecorder(hub, folder, createLogger({ level: 'silent' }));
  for (const [name, ...items] of [
    ['nothing'],
    ['headers', { type: 'metadata', value: {} }, video('config')],
    ['frame', { type: 'metadata', value: {} }, video('config'), video('frame')],
  ] satisfies [string, ...FlvItem[]][]) {
    const feed = hub.publish('live', name, () => undefined);
    if (typeof feed === 'string') throw new Error(feed);
    for (const item of items) feed.push(item);
    feed.close();
  }
  try {
    await recorder.close();
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^live-frame-/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
