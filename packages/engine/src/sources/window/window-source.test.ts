import type { ChannelMessage, FrameAccount } from '@tallylight/contract';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.js';
import { createChannelPair } from '../../../test/support/channel.js';
import { aacConfiguration, avcConfiguration, videoFrame } from '../../../test/support/packets.js';
import type { WindowSourceOptions } from './window-source-options.js';
import { createWindowSource } from './window-source.js';

const options: WindowSourceOptions = {
  captureId: 2,
  format: 'packets',
  hasAudio: true,
  encoding: { audioBitrate: 128_000, fps: 30 },
};
const config = (track: 'video' | 'audio'): ChannelMessage => ({
  type: 'config',
  track,
  payload: track === 'video' ? avcConfiguration : aacConfiguration,
});
const picture = (ms: number, keyframe = false): ChannelMessage => ({
  type: 'frame',
  track: 'video',
  keyframe,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: videoFrame(ms, keyframe).payload,
});
const sound = (ms: number): ChannelMessage => ({
  type: 'frame',
  track: 'audio',
  keyframe: true,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: new Uint8Array(30),
});
const begin: ChannelMessage = { type: 'begin', captureId: 2 };
const end: ChannelMessage = { type: 'end' };

function send(...messages: ChannelMessage[]): ReturnType<typeof createChannelPair> {
  const pair = createChannelPair();
  for (const message of [begin, ...messages]) pair.send(message);
  return pair;
}

const account: FrameAccount = {
  ...{ elapsedMs: 1000, offered: 30, surplus: 1 },
  lost: { reading: 1, encoder: 2, channel: 1 },
  encoded: 25,
};

describe('frames from the window', () => {
  test('come out in the order of their times, with what was dropped counted', async () => {
    const { reader } = send(
      config('video'),
      config('audio'),
      picture(0, true),
      picture(33),
      { type: 'account', account },
      sound(10),
      sound(31),
      end,
    );
    const source = createWindowSource(reader, options);
    const packets = await collect(source);
    expect(packets.map(({ type, track, dts }) => `${type} ${track} ${dts / 1000}`)).toEqual([
      'config video 0',
      'config audio 0',
      'frame video -64',
      'frame video -31',
      'frame audio 10',
      'frame audio 31',
    ]);
    expect(source.status).toEqual({ droppedFrames: 4, account });
    expect(source.capturesLive).toBe(true);
  });

  test('begin behind what an earlier broadcast left on the channel', async () => {
    const pair = createChannelPair();
    const stale = [
      { type: 'begin', captureId: 1 },
      config('video'),
      picture(7, true),
      end,
    ] as const;
    for (const message of [picture(1), ...stale]) pair.send(message);
    for (const message of [begin, config('video'), picture(0, true), end]) pair.send(message);
    const packets = await collect(createWindowSource(pair.reader, { ...options, hasAudio: false }));
    expect(packets.map(({ type, dts }) => `${type} ${dts / 1000}`)).toEqual([
      'config 0',
      'frame 0',
    ]);
  });

  test.each([
    { given: 330, code: 'ENCODER_FAILED', phase: 'encoder' },
    // So many may have been in the encoder when the camera stopped.
    { given: 30, code: 'CAPTURE_STALLED', phase: 'camera' },
  ])('that cease while the camera gives $given more: $code', async ({ given, code, phase }) => {
    const told = { type: 'account', account: { ...account, offered: given } } as const;
    const { reader } = send(config('video'), picture(0, true), told);
    const source = createWindowSource(reader, { ...options, hasAudio: false, stallSeconds: 0.05 });
    await expect(collect(source)).rejects.toMatchObject({ info: { code, phase } });
  });

  test('a clock that runs back is held', async () => {
    const { reader } = send(config('video'), picture(100, true), picture(60), picture(140), end);
    const packets = await collect(createWindowSource(reader, { ...options, hasAudio: false }));
    expect(packets.map(({ dts }) => dts / 1000)).toEqual([0, 100, 100, 140]);
  });

  const broken: [string, ChannelMessage[]][] = [
    ['a picture without a configuration', [picture(0, true)]],
    ['a stream that begins in the middle', [config('video'), picture(0)]],
    ['a broken configuration', [{ type: 'config', track: 'video', payload: Uint8Array.of(1, 2) }]],
    [
      'an empty frame',
      [config('audio'), { ...sound(0), payload: new Uint8Array(0) } as ChannelMessage],
    ],
    [
      'a NAL unit longer than its frame',
      [
        config('video'),
        { ...picture(0, true), payload: Uint8Array.of(9, 9, 9, 9, 1) } as ChannelMessage,
      ],
    ],
    ['a recording instead', [{ type: 'container', payload: new Uint8Array(8) }]],
  ];
  test.each(broken)('%s ends the broadcast as a failed capture', async (_, messages) => {
    const { reader } = send(...messages);
    await expect(collect(createWindowSource(reader, options))).rejects.toMatchObject({
      info: { code: 'CAPTURE_FAILED', phase: 'encoder' },
    });
  });
});

describe.each(['packets', 'matroska'] as const)('a channel of %s', (format) => {
  test('that is closed before its end', async () => {
    const { reader, close } = createChannelPair();
    const collected = collect(createWindowSource(reader, { ...options, format }));
    close();
    await expect(collected).rejects.toMatchObject({ info: { code: 'WINDOW_GONE' } });
  });

  test('on which nothing comes', async () => {
    const { reader } = createChannelPair();
    const source = createWindowSource(reader, {
      ...options,
      format,
      stallSeconds: 0.05,
      name: 'Cam',
    });
    await expect(collect(source)).rejects.toMatchObject({
      info: { code: 'CAPTURE_STALLED', data: { device: 'Cam' } },
    });
  });

  test('on which the camera gives pictures and the encoder none blames no camera', async () => {
    const { reader, send: write } = createChannelPair();
    const source = createWindowSource(reader, { ...options, format, stallSeconds: 0.05 });
    write({ type: 'begin', captureId: options.captureId });
    write({ type: 'account', account: { ...account, encoded: 0 } });
    await expect(collect(source)).rejects.toMatchObject({
      info: {
        ...{ code: 'ENCODER_FAILED', phase: 'encoder' },
        data: { reason: { reason: 'encoder-gave-none' } },
      },
    });
  });

  test('ends when it is told to, and leaves the channel to the next reader', async () => {
    const { reader, send: write } = createChannelPair();
    const stop = new AbortController();
    const collected = collect(createWindowSource(reader, { ...options, format }), stop.signal);
    stop.abort();
    expect(await collected).toEqual([]);
    write({ type: 'account', account });
    expect(await reader.read(new AbortController().signal)).toEqual({ type: 'account', account });
  });
});
