import { LiveHub, type EncodedPacket, type FlvItem, type LiveFeed } from 'node-rtmp-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import type { Slate } from '../slate/slate.js';
import { HubOrigin } from './hub-origin.js';
import type { StreamFormat } from './stream-format.js';
import { StreamSource } from './stream-source.js';

const item = (packet: EncodedPacket): FlvItem => ({ type: 'packet', packet });
const isPicture = ({ type, track }: EncodedPacket): boolean =>
  type === 'frame' && track === 'video';

/** Two frames, which no publisher here sends. */
const slateOf = ({ fps, sound }: StreamFormat): Slate => ({
  config: { ...videoConfig(), payload: Uint8Array.from([...videoConfig().payload, 0]) },
  group: [videoFrame(0, true, 50), videoFrame(0, false, 50)],
  fps,
  ...(sound?.track === 'audio' && { sound }),
});

function publish(hub: LiveHub): LiveFeed {
  const feed = hub.publish('live', 'cam', () => undefined);
  if (typeof feed === 'string') throw new Error(feed);
  return feed;
}

/** Headers, then `count` frames of 25 a second from `from` on, the first of them a keyframe. */
function send(feed: LiveFeed, from: number, count: number): void {
  for (const packet of [videoConfig(from), audioConfig(from)]) feed.push(item(packet));
  for (let frame = 0; frame < count; frame += 1) {
    const ms = from + frame * 40;
    feed.push(item(videoFrame(ms, frame === 0, 100 + frame)));
    feed.push(item(audioFrame(ms)));
  }
}

describe('a published stream', () => {
  const hub = new LiveHub();
  const stop = new AbortController();
  let made: StreamFormat[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    made = [];
  });
  afterEach(() => {
    hub.closeAll();
    vi.useRealTimers();
  });

  /** What comes of it, until the test has seen enough. */
  function open(makeSlate: (format: StreamFormat) => Slate | undefined = slateOf) {
    const over = new AbortController();
    const source = new StreamSource({
      origin: new HubOrigin(hub, 'live', 'cam'),
      makeSlate: (format) => {
        made.push(format);
        return Promise.resolve(makeSlate(format));
      },
    });
    const got: EncodedPacket[] = [];
    const done = (async () => {
      for await (const packet of source.packets(AbortSignal.any([stop.signal, over.signal])))
        got.push(packet);
    })();
    const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
    const end = async (): Promise<void> => {
      over.abort();
      await pass(10_000);
      await done;
    };
    return { source, got, pass, end };
  }

  /** Bytes of each picture: 50 is a slate, else the number of the frame above 100. */
  const sizes = (got: readonly EncodedPacket[]): number[] =>
    got.filter(isPicture).map(({ payload }) => payload.byteLength);
  const times = (got: readonly EncodedPacket[]): number[] =>
    got.filter(isPicture).map(({ dts }) => dts / 1000);
  const rises = (values: readonly number[]): boolean =>
    values.every((value, index) => index === 0 || value > (values[index - 1] ?? Infinity));

  test('is waited for, and whoever leaves before a first picture was none', async () => {
    const { source, got, pass, end } = open();
    await pass(60_000);
    expect(source.status.presence).toBe('waiting');
    const one = publish(hub);
    one.push(item(videoConfig()));
    one.push(item(videoFrame(0)));
    one.push(item(audioFrame(0)));
    one.close();
    await pass(1_000);
    expect(source.status.presence).toBe('waiting');
    expect(got).toEqual([]);
    send(publish(hub), 5_000, 40);
    await pass(100);
    expect(source.status.presence).toBe('live');
    expect(sizes(got).length).toBe(40);
    expect(made).toMatchObject([{ codec: 'h264', width: 320, height: 180, fps: 25 }]);
    await end();
  });

  test('gives way to a slate on one clock with it, and takes its place again', async () => {
    const { source, got, pass, end } = open();
    const one = publish(hub);
    send(one, 1_000, 40);
    await pass(10);
    one.close();
    await pass(2_000);
    expect(source.status.presence).toBe('slate');
    send(publish(hub), 0, 40);
    await pass(10);
    expect(source.status.presence).toBe('live');
    const shown = sizes(got);
    expect(shown.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, frame) => 100 + frame));
    const slates = shown.slice(40, -40);
    expect(slates.every((size) => size < 100)).toBe(true);
    expect(slates.length).toBeGreaterThanOrEqual(49);
    expect(slates.length).toBeLessThanOrEqual(51);
    // Parameter sets stand within the keyframe, whose configuration is another than that of the slate.
    expect(shown.slice(-39)).toEqual(Array.from({ length: 39 }, (_, frame) => 101 + frame));
    expect(rises(times(got))).toBe(true);
    await end();
  });

  test('that stands still is away, and of what is kept for late joiners nothing comes twice', async () => {
    const { source, got, pass, end } = open();
    const one = publish(hub);
    send(one, 0, 40);
    await pass(4_900);
    expect(source.status.presence).toBe('live');
    await pass(600);
    expect(source.status.presence).toBe('slate');
    one.push(item(videoFrame(7_000, false, 300)));
    await pass(100);
    expect(source.status.presence, 'without a keyframe').toBe('slate');
    one.push(item(videoFrame(7_040, true, 301)));
    await pass(100);
    expect(source.status.presence).toBe('live');
    const shown = sizes(got);
    expect(shown.filter((size) => size === 120)).toEqual([120]);
    expect(shown).not.toContain(300);
    expect(rises(times(got))).toBe(true);
    await end();
  });

  test('pauses where there is no slate in its codecs, and the time without it passes', async () => {
    const { source, got, pass, end } = open(() => undefined);
    const one = publish(hub);
    send(one, 0, 40);
    await pass(10);
    one.close();
    await pass(3_000);
    expect(source.status.presence).toBe('paused');
    send(publish(hub), 0, 40);
    await pass(10);
    expect(source.status.presence).toBe('live');
    expect(sizes(got).length).toBe(80);
    const [before = NaN, after = NaN] = times(got).slice(39, 41);
    expect(after - before).toBeGreaterThanOrEqual(3_000);
    await end();
  });

  test('that has no picture goes out as sound alone, without a slate', async () => {
    const { source, got, pass, end } = open();
    const one = publish(hub);
    // Of sound alone nothing is kept for late joiners.
    await pass(10);
    one.push(item(audioConfig()));
    for (let ms = 0; ms <= 4_000; ms += 100) one.push(item(audioFrame(ms)));
    await pass(10);
    expect([source.hasVideo, source.status.presence]).toEqual([false, 'live']);
    expect(got.filter(({ type }) => type === 'frame').length).toBe(41);
    one.close();
    await pass(1_000);
    expect(source.status.presence).toBe('paused');
    expect(made).toEqual([]);
    await end();
  });
});
