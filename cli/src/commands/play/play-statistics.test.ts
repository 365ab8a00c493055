import type { FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { PlayStatistics } from './play-statistics.js';

const payload = Uint8Array.of(1, 2, 3);

const common = (dts: number) =>
  ({ type: 'frame', keyframe: true, pts: dts, dts, payload }) as const;

const picture = (dts: number): FlvItem => ({
  type: 'packet',
  packet: { track: 'video', codec: 'h264', ...common(dts) },
});

const sound = (dts: number): FlvItem => ({
  type: 'packet',
  packet: { track: 'audio', codec: 'aac', ...common(dts) },
});

const opaque = (codec: string, dts: number): FlvItem => ({
  type: 'opaque',
  packet: { track: 'audio', codec, codecId: 7, ...common(dts) },
});

test.each([
  ['back by a minute', -60],
  ['ahead by an hour', 3_600],
])('a clock that is set %s does not show in the duration', (_, bySeconds) => {
  const statistics = new PlayStatistics();
  for (let at = 0; at < 4_000_000; at += 40_000) {
    const time = 100_000_000 + at + (at < 2_000_000 ? 0 : bySeconds * 1_000_000);
    statistics.count(picture(time));
    statistics.count(sound(time + 5_000));
  }
  expect(statistics.frames).toBe(100);
  expect(statistics.durationMs).toBeGreaterThan(3_900);
  expect(statistics.durationMs).toBeLessThan(4_100);
});

test('codecs that are not understood are named once, and counted', () => {
  const statistics = new PlayStatistics();
  const named = [
    statistics.count(picture(0)),
    statistics.count(opaque('Speex', 10_000)),
    statistics.count(opaque('Speex', 20_000)),
    statistics.count(opaque('Nellymoser', 30_000)),
  ];
  expect(named).toEqual([undefined, 'Speex', undefined, 'Nellymoser']);
  expect(statistics.summary).toMatchObject({
    video: { frames: 1 },
    audio: { frames: 0 },
    other: { packets: 3, bytes: 9, codecs: ['Speex', 'Nellymoser'] },
  });
});

test('counts as much media time as is wanted, of whichever codec, and no frame more', () => {
  const statistics = new PlayStatistics(2_000);
  const frameMs = 40;
  for (let frame = 0; !statistics.isComplete; frame += 1) {
    statistics.count(picture(7_000_000 + frame * frameMs * 1000));
  }
  expect(statistics.frames).toBe(2_000 / frameMs);
  expect(statistics.durationMs).toBe(2_000 - frameMs);
  statistics.count(sound(7_000_000));
  expect(statistics.summary).toMatchObject({ audio: { frames: 0 } });

  const unknown = new PlayStatistics(1_000);
  unknown.count(opaque('Speex', 0));
  unknown.count(opaque('Speex', 999_000));
  expect(unknown.isComplete).toBe(false);
  unknown.count(opaque('Speex', 1_000_000));
  expect(unknown.isComplete).toBe(true);
});
