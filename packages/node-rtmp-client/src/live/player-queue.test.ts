import { expect, test } from 'vitest';
import type { FlvItem } from '../flv/flv-item.js';
import { PlayerQueue } from './player-queue.js';
import { audioConfig, delta, key, sound, videoConfig } from '../../test/support/live-items.js';

function rest(queue: PlayerQueue): FlvItem[] {
  const items: FlvItem[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) items.push(item);
  return items;
}

function pushAll(queue: PlayerQueue, items: readonly FlvItem[]): void {
  for (const item of items) queue.push(item);
}

test('a player that keeps up gets everything in order', () => {
  const queue = new PlayerQueue(1000);
  const items = [videoConfig(0), audioConfig(0), key(0), sound(0), delta(1), delta(2)];
  pushAll(queue, items);
  expect(rest(queue)).toEqual(items);
  expect(queue.droppedFrames).toBe(0);
});

test('a player that falls behind loses what waits and goes on at the next keyframe', () => {
  const queue = new PlayerQueue(50);
  pushAll(queue, [videoConfig(0), audioConfig(0), key(0), delta(1), delta(2), delta(3)]);
  expect(queue.bytes).toBeLessThanOrEqual(50);
  queue.push(delta(4));
  expect(queue.bytes).toBe(0);
  pushAll(queue, [sound(5), delta(6), key(7), sound(7), delta(8)]);
  const headers = [videoConfig(7), audioConfig(7)];
  expect(rest(queue)).toEqual([...headers, key(7), sound(7), delta(8)]);
  expect(queue.droppedFrames).toBe(7);
});

test('a keyframe that is one too many is itself where it goes on', () => {
  const queue = new PlayerQueue(50);
  pushAll(queue, [key(0, 30), delta(1, 15), key(2, 30), delta(3, 15)]);
  expect(rest(queue)).toEqual([key(2, 30), delta(3, 15)]);
});

test('a frame beyond all bounds is left out, and what hangs on it', () => {
  const queue = new PlayerQueue(50);
  pushAll(queue, [key(0), key(1, 51), delta(2), key(3)]);
  expect(rest(queue)).toEqual([key(3)]);
  expect(queue.droppedFrames).toBe(3);
});

test('the configuration that is current at the keyframe is the one that is delivered', () => {
  const queue = new PlayerQueue(30);
  pushAll(queue, [videoConfig(0, 1), key(0), delta(1), delta(2), videoConfig(2, 2), key(3)]);
  expect(rest(queue)).toEqual([videoConfig(3, 2), key(3)]);
});

test('colours and loudspeakers that were dropped are told again', () => {
  const queue = new PlayerQueue(20);
  const colors = { type: 'color-info', trackId: 0, codec: 'hevc', value: {} } as const;
  const layout = { type: 'unspecified', channels: 2 } as const;
  const speakers = { type: 'channel-layout', trackId: 0, codec: 'opus', layout } as const;
  pushAll(queue, [{ ...colors, timestamp: 0 }, { ...speakers, timestamp: 0 }, key(0), delta(1)]);
  pushAll(queue, [delta(2), key(3)]);
  expect(rest(queue)).toEqual([{ ...colors, timestamp: 3 }, { ...speakers, timestamp: 3 }, key(3)]);
});

test('a stream without a picture goes on at the next frame of sound', () => {
  const queue = new PlayerQueue(5);
  pushAll(queue, [audioConfig(0), sound(0), sound(1), sound(2)]);
  expect(rest(queue)).toEqual([audioConfig(2), sound(2)]);
});

test('sound goes on alone once the camera was switched off', () => {
  const end = { type: 'sequence-end', track: 'video', codec: 'h264', timestamp: 1 } as const;
  const queue = new PlayerQueue(45);
  pushAll(queue, [videoConfig(0), key(0), key(0, 10, 1), { ...end, trackId: 0 }, sound(1)]);
  pushAll(queue, [delta(1, 10, 1), delta(2, 20, 1)]);
  expect(queue.bytes).toBe(0);
  // The other picture is still there, and may have a keyframe.
  queue.push(sound(2));
  expect(queue.bytes).toBe(0);
  pushAll(queue, [{ ...end, trackId: 1 }, sound(3), sound(4)]);
  expect(rest(queue)).toEqual([sound(3), sound(4)]);
});

test('no track begins with a frame that cannot be decoded', () => {
  const queue = new PlayerQueue();
  pushAll(queue, [delta(0), sound(0), key(1), delta(2, 10, 1), delta(2), key(3, 10, 1)]);
  pushAll(queue, [delta(4, 10, 1)]);
  expect(rest(queue)).toEqual([sound(0), key(1), delta(2), key(3, 10, 1), delta(4, 10, 1)]);
  expect(queue.droppedFrames).toBe(2);
});

test('after a gap each picture waits for its own keyframe', () => {
  const queue = new PlayerQueue(45);
  pushAll(queue, [key(0), key(0, 10, 1), delta(1), delta(1, 10, 1), delta(2)]);
  expect(queue.bytes).toBe(0);
  pushAll(queue, [key(3), delta(3, 10, 1), sound(3), key(4, 10, 1)]);
  expect(rest(queue)).toEqual([key(3), sound(3), key(4, 10, 1)]);
});

test('it never holds more than its bounds, whatever comes', () => {
  const queue = new PlayerQueue(1000);
  for (let dts = 0; dts < 10_000; dts += 1) {
    queue.push(dts % 60 === 0 ? key(dts) : delta(dts));
    expect(queue.bytes).toBeLessThanOrEqual(1000);
  }
  const empty = new PlayerQueue(1000);
  for (let dts = 0; dts < 25_000; dts += 1) empty.push(key(dts, 0));
  expect(rest(empty).length).toBeLessThanOrEqual(20_000);
});

test('what is taken and what is pushed may alternate for ever', () => {
  const queue = new PlayerQueue();
  const taken: (FlvItem | undefined)[] = [];
  for (let dts = 0; dts < 1000; dts += 1) {
    queue.push(key(dts));
    queue.push(sound(dts));
    taken.push(queue.shift());
  }
  taken.push(...rest(queue));
  expect(taken.length).toBe(2000);
  expect(taken.filter((_, i) => i % 2 === 0)).toEqual(
    Array.from({ length: 1000 }, (_, dts) => key(dts)),
  );
});

test('a reader that waits is woken by the next item, and by the end', async () => {
  const queue = new PlayerQueue();
  const first = queue.nextBatch();
  pushAll(queue, [key(0), delta(1)]);
  expect(await first).toEqual([key(0), delta(1)]);
  const second = queue.nextBatch();
  queue.end();
  expect(await second).toEqual([]);
});

test('a batch is about as large as asked for, and never empty before the end', async () => {
  const queue = new PlayerQueue();
  pushAll(queue, [audioConfig(0), key(0, 100), delta(1, 10), delta(2, 10), delta(3, 0)]);
  queue.end();
  expect(await queue.nextBatch(50)).toEqual([audioConfig(0), key(0, 100)]);
  expect(await queue.nextBatch(15)).toEqual([delta(1, 10), delta(2, 10)]);
  expect(await queue.nextBatch(15)).toEqual([delta(3, 0)]);
  expect(await queue.nextBatch(15)).toEqual([]);
});

test('metadata counts by the memory that it takes', () => {
  const queue = new PlayerQueue(1_000_000);
  const value = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [String(i), {}]));
  for (let i = 0; i < 100; i++) queue.push({ type: 'metadata', value });
  expect(queue.bytes).toBeLessThanOrEqual(1_000_000);
  expect(rest(queue).length).toBeLessThan(10);
  expect(queue.bytes).toBe(0);
});
