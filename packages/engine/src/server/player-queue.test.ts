import type { EncodedPacket, FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { PlayerQueue } from './player-queue.js';

const item = (
  packet: Partial<EncodedPacket> & { track: 'video' | 'audio' },
  bytes = 10,
): FlvItem => ({
  type: 'packet',
  packet: {
    type: 'frame',
    codec: packet.track === 'video' ? 'h264' : 'aac',
    keyframe: packet.track === 'audio',
    pts: 0,
    dts: 0,
    payload: new Uint8Array(bytes),
    ...packet,
  } as EncodedPacket,
});
const config = (track: 'video' | 'audio', bytes = 10): FlvItem =>
  item({ track, type: 'config', keyframe: true }, bytes);
const key = (dts: number): FlvItem => item({ track: 'video', keyframe: true, dts });
const delta = (dts: number): FlvItem => item({ track: 'video', dts });
const sound = (dts: number): FlvItem => item({ track: 'audio', dts });

async function drain(queue: PlayerQueue): Promise<FlvItem[]> {
  queue.end();
  const items: FlvItem[] = [];
  for (let next = await queue.next(); next; next = await queue.next()) items.push(next);
  return items;
}

test('a player that keeps up gets everything in order', async () => {
  const queue = new PlayerQueue(1000);
  const items = [config('video'), config('audio'), key(0), sound(0), delta(1), delta(2)];
  for (const one of items) queue.push(one);
  expect(await drain(queue)).toEqual(items);
  expect(queue.droppedFrames).toBe(0);
});

test('a player that falls behind loses what waits and goes on at the next keyframe', async () => {
  const queue = new PlayerQueue(50);
  const [video, audio] = [config('video', 1), config('audio', 1)];
  for (const one of [video, audio, key(0), delta(1), delta(2), delta(3)]) queue.push(one);
  expect(queue.bytes).toBeLessThanOrEqual(50);
  queue.push(delta(4)); // 52 bytes: over the bound
  expect(queue.bytes).toBe(0);
  for (const one of [sound(5), delta(6), key(7), sound(7), delta(8)]) queue.push(one);
  expect(await drain(queue)).toEqual([video, audio, key(7), sound(7), delta(8)]);
  expect(queue.droppedFrames).toBe(7);
});

test('the configuration that is current at the keyframe is the one that is delivered', async () => {
  const queue = new PlayerQueue(30);
  queue.push(config('video', 1));
  for (const dts of [0, 1, 2]) queue.push(dts === 0 ? key(0) : delta(dts));
  const newer = config('video', 2);
  queue.push(newer);
  queue.push(key(3));
  expect(await drain(queue)).toEqual([newer, key(3)]);
});

test('a stream without a picture goes on at the next frame of sound', async () => {
  const queue = new PlayerQueue(20);
  queue.push(config('audio', 1));
  for (const dts of [0, 1, 2]) queue.push(sound(dts));
  expect(await drain(queue)).toEqual([config('audio', 1), sound(2)]);
});

test('it never holds more than its bound, whatever comes', () => {
  const queue = new PlayerQueue(1000);
  for (let dts = 0; dts < 10_000; dts += 1) {
    queue.push(dts % 60 === 0 ? key(dts) : delta(dts));
    expect(queue.bytes).toBeLessThanOrEqual(1000);
  }
});

test('a reader that waits is woken by the next item, and by the end', async () => {
  const queue = new PlayerQueue();
  const first = queue.next();
  queue.push(key(0));
  expect(await first).toEqual(key(0));
  const second = queue.next();
  queue.end();
  expect(await second).toBeUndefined();
});
