import type { LaneMessage } from '@tallylight/contract';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.js';
import { createLanePair } from '../../../test/support/channel.js';
import { aacConfiguration, avcConfiguration, videoFrame } from '../../../test/support/packets.js';
import type { LaneOptions } from './window-source-options.js';
import { createLaneSource } from './window-source.js';

const options: LaneOptions = {
  take: 2,
  format: 'packets',
  hasAudio: true,
  encoding: { audioBitrate: 128_000, fps: 30 },
};
const config = (track: 'video' | 'audio'): LaneMessage => ({
  type: 'config',
  track,
  payload: track === 'video' ? avcConfiguration : aacConfiguration,
});
const picture = (ms: number, keyframe = false): LaneMessage => ({
  type: 'frame',
  track: 'video',
  keyframe,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: videoFrame(ms, keyframe).payload,
});
const sound = (ms: number): LaneMessage => ({
  type: 'frame',
  track: 'audio',
  keyframe: true,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: new Uint8Array(30),
});
const begin: LaneMessage = { type: 'begin', take: 2 };
const end: LaneMessage = { type: 'end' };

function send(...messages: LaneMessage[]): ReturnType<typeof createLanePair> {
  const pair = createLanePair();
  for (const message of [begin, ...messages]) pair.send(message);
  return pair;
}

describe('frames from the window', () => {
  test('come out in the order of their times, with what was dropped counted', async () => {
    const { reader } = send(
      config('video'),
      config('audio'),
      picture(0, true),
      picture(33),
      { type: 'dropped', frames: 4 },
      sound(10),
      sound(31),
      end,
    );
    const source = createLaneSource(reader, options);
    const packets = await collect(source);
    expect(packets.map(({ type, track, dts }) => `${type} ${track} ${dts / 1000}`)).toEqual([
      'config video 0',
      'config audio 0',
      'frame video 0',
      'frame audio 10',
      'frame audio 31',
      'frame video 33',
    ]);
    expect(source.droppedFrames).toBe(4);
  });

  test('begin behind what an earlier broadcast left on the lane', async () => {
    const pair = createLanePair();
    const stale = [{ type: 'begin', take: 1 }, config('video'), picture(7, true), end] as const;
    for (const message of [picture(1), ...stale]) pair.send(message);
    for (const message of [begin, config('video'), picture(0, true), end]) pair.send(message);
    const packets = await collect(createLaneSource(pair.reader, { ...options, hasAudio: false }));
    expect(packets.map(({ type, dts }) => `${type} ${dts / 1000}`)).toEqual([
      'config 0',
      'frame 0',
    ]);
  });

  test('a clock that runs back is held', async () => {
    const { reader } = send(config('video'), picture(100, true), picture(60), picture(140), end);
    const packets = await collect(createLaneSource(reader, { ...options, hasAudio: false }));
    expect(packets.map(({ dts }) => dts / 1000)).toEqual([0, 100, 100, 140]);
  });

  const broken: [string, LaneMessage[]][] = [
    ['a picture without a configuration', [picture(0, true)]],
    ['a stream that begins in the middle', [config('video'), picture(0)]],
    ['a broken configuration', [{ type: 'config', track: 'video', payload: Uint8Array.of(1, 2) }]],
    [
      'an empty frame',
      [config('audio'), { ...sound(0), payload: new Uint8Array(0) } as LaneMessage],
    ],
    [
      'a NAL unit longer than its frame',
      [
        config('video'),
        { ...picture(0, true), payload: Uint8Array.of(9, 9, 9, 9, 1) } as LaneMessage,
      ],
    ],
    ['a recording instead', [{ type: 'container', payload: new Uint8Array(8) }]],
  ];
  test.each(broken)('%s ends the broadcast as a failed capture', async (_, messages) => {
    const { reader } = send(...messages);
    await expect(collect(createLaneSource(reader, options))).rejects.toMatchObject({
      info: { code: 'CAPTURE_FAILED', phase: 'encoder' },
    });
  });
});

describe.each(['packets', 'matroska'] as const)('a lane of %s', (format) => {
  test('that is closed before its end', async () => {
    const { reader, close } = createLanePair();
    const collected = collect(createLaneSource(reader, { ...options, format }));
    close();
    await expect(collected).rejects.toMatchObject({ info: { code: 'WINDOW_GONE' } });
  });

  test('on which nothing comes', async () => {
    const { reader } = createLanePair();
    const source = createLaneSource(reader, {
      ...options,
      format,
      stallSeconds: 0.05,
      name: 'Cam',
    });
    await expect(collect(source)).rejects.toMatchObject({
      info: { code: 'CAPTURE_STALLED', data: { device: 'Cam' } },
    });
  });

  test('ends when it is told to, and leaves the lane to the next reader', async () => {
    const { reader, send: write } = createLanePair();
    const stop = new AbortController();
    const collected = collect(createLaneSource(reader, { ...options, format }), stop.signal);
    stop.abort();
    expect(await collected).toEqual([]);
    write({ type: 'dropped', frames: 1 });
    expect(await reader.read(new AbortController().signal)).toEqual({ type: 'dropped', frames: 1 });
  });
});
