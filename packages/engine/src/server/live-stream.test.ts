import type { EncodedPacket, FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { LiveStream, maxCachedBytes } from './live-stream.js';
import type { PlayerQueue } from './player-queue.js';

const video = (type: 'config' | 'frame', keyframe: boolean, dts: number, bytes = 4): FlvItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'video', codec: 'h264', type, keyframe },
    ...{ pts: dts, dts, payload: new Uint8Array(bytes) },
  },
});
const audio = (type: 'config' | 'frame', dts: number): FlvItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'audio', codec: 'aac', type, keyframe: true },
    // AAC-LC, 48 kHz, stereo.
    ...{ pts: dts, dts, payload: Uint8Array.of(0x11, 0x90) },
  } satisfies EncodedPacket,
});
const metadata: FlvItem = { type: 'metadata', value: { width: 640 } };

async function everything(queue: PlayerQueue): Promise<FlvItem[]> {
  queue.end();
  const items: FlvItem[] = [];
  for (let next = await queue.next(); next; next = await queue.next()) items.push(next);
  return items;
}

function started(): LiveStream {
  const stream = new LiveStream('live', 'one');
  for (const item of [metadata, video('config', true, 0), audio('config', 0)]) stream.push(item);
  return stream;
}

test('a late joiner gets the headers and everything since the last keyframe', async () => {
  const stream = started();
  for (const item of [video('frame', true, 0), video('frame', false, 1)]) stream.push(item);
  const group = [video('frame', true, 2), audio('frame', 2), video('frame', false, 3)];
  for (const item of group) stream.push(item);
  const player = stream.join();
  stream.push(video('frame', false, 4));
  expect(await everything(player)).toEqual([
    ...[metadata, video('config', true, 0), audio('config', 0)],
    ...[...group, video('frame', false, 4)],
  ]);
});

test('a group of pictures that is too large is not kept', async () => {
  const stream = started();
  stream.push(video('frame', true, 0, maxCachedBytes));
  stream.push(video('frame', false, 1, 1));
  expect((await everything(stream.join())).slice(3)).toEqual([]);
  stream.push(video('frame', true, 2));
  expect((await everything(stream.join())).slice(3)).toEqual([video('frame', true, 2)]);
});

test('who joins in a group that is not kept gets no frame before the next keyframe', async () => {
  const stream = started();
  stream.push(video('frame', true, 0, maxCachedBytes + 1));
  const player = stream.join();
  const newer = video('config', true, 2, 5);
  for (const item of [video('frame', false, 1), newer, video('frame', true, 2)]) stream.push(item);
  expect((await everything(player)).slice(3)).toEqual([newer, video('frame', true, 2)]);
});

test('frames of an older configuration are not given to late joiners', async () => {
  const stream = started();
  stream.push(video('frame', true, 0));
  const newer = video('config', true, 1, 5);
  stream.push(newer);
  expect(await everything(stream.join())).toEqual([metadata, newer, audio('config', 0)]);
});

test('a configuration that is only repeated does not empty the cache', async () => {
  const stream = started();
  stream.push(video('frame', true, 0));
  stream.push(video('config', true, 0));
  expect((await everything(stream.join())).slice(3)).toEqual([video('frame', true, 0)]);
});

test('says what it is and how many watch', () => {
  const stream = started();
  const player = stream.join();
  expect(stream.info).toMatchObject({
    ...{ app: 'live', name: 'one', players: 1 },
    audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
  });
  stream.leave(player);
  expect(stream.info.players).toBe(0);
});

test('its end is the end of every player, after what waits', async () => {
  const stream = started();
  const player = stream.join();
  stream.push(video('frame', true, 0));
  stream.end();
  const items: FlvItem[] = [];
  for (let next = await player.next(); next; next = await player.next()) items.push(next);
  expect(items.at(-1)).toEqual(video('frame', true, 0));
});
