import { describe, expect, test, vi } from 'vitest';
import type { FlvItem } from '../flv/flv-item.js';
import type { OpaquePacket } from '../flv/opaque-packet.js';
import { defaultGroupBytes, LiveStream } from './live-stream.js';
import type { PlayerQueue } from './player-queue.js';
import {
  audioConfig,
  backingBytes,
  delta,
  key,
  offSocket,
  sound,
  videoConfig,
  videoItem,
} from '../../test/support/live-items.js';

const metadata: FlvItem = { type: 'metadata', value: { width: 640, height: 360 } };

function everything(player: PlayerQueue): FlvItem[] {
  const items: FlvItem[] = [];
  for (let item = player.shift(); item; item = player.shift()) items.push(item);
  return items;
}

function streamOf(...items: FlvItem[]): LiveStream {
  const stream = new LiveStream('live', 'one');
  for (const item of items) stream.push(item);
  return stream;
}

const started = (...items: FlvItem[]): LiveStream =>
  streamOf(metadata, videoConfig(0), audioConfig(0), ...items);

test('a late joiner gets the headers and everything since the last keyframe', () => {
  const group = [key(2), sound(2), delta(3)];
  const stream = started(key(0), delta(1), ...group);
  const player = stream.join();
  stream.push(delta(4));
  // The headers come at the time of the frames: days may lie between them.
  const headers = [metadata, videoConfig(2), audioConfig(2)];
  expect(everything(player)).toEqual([...headers, ...group, delta(4)]);
});

test('a late joiner gets the headers of every track', () => {
  const colors = {
    type: 'color-info',
    trackId: 1,
    codec: 'hevc',
    value: {},
    timestamp: 0,
  } as const;
  const stream = streamOf(videoConfig(0), videoConfig(0, 2, 1), colors, audioConfig(0));
  const group = [key(5), key(5, 10, 1), delta(6)];
  for (const item of group) stream.push(item);
  expect(everything(stream.join())).toEqual([
    ...[videoConfig(5), videoConfig(5, 2, 1), { ...colors, timestamp: 5 }, audioConfig(5)],
    ...group,
  ]);
});

test('a late joiner hears nothing of a track that has ended', () => {
  const end = { type: 'sequence-end', track: 'video', codec: 'h264', timestamp: 1 } as const;
  const stream = streamOf(videoConfig(0), videoConfig(0, 2, 1), audioConfig(0));
  stream.push({ ...end, trackId: 1 });
  stream.push(key(5));
  expect(everything(stream.join())).toEqual([videoConfig(5), audioConfig(5), key(5)]);
});

test('groups are those of the picture with the lowest track id', () => {
  const stream = streamOf(key(0), key(0, 10, 1), delta(1), key(2, 10, 1));
  expect(everything(stream.join())).toEqual([key(0), key(0, 10, 1), delta(1), key(2, 10, 1)]);
});

test('a group of pictures that is too large is not kept', () => {
  const stream = started(key(0, defaultGroupBytes), delta(1, 1));
  expect(everything(stream.join()).slice(3)).toEqual([]);
  stream.push(key(2));
  expect(everything(stream.join()).slice(3)).toEqual([key(2)]);
});

test('who joins in a group that is not kept gets no frame before the next keyframe', () => {
  const stream = started(key(0, defaultGroupBytes + 1));
  const player = stream.join();
  for (const item of [delta(1), videoConfig(1, 5), key(2)]) stream.push(item);
  const headers = [metadata, videoConfig(0), audioConfig(0)];
  expect(everything(player)).toEqual([...headers, videoConfig(2, 5), key(2)]);
});

test('frames of an older configuration are not given to late joiners', () => {
  const stream = started(key(0), videoConfig(1, 5));
  expect(everything(stream.join())).toEqual([metadata, videoConfig(1, 5), audioConfig(1)]);
  const other = started(key(0), sound(0), delta(1));
  const newer: FlvItem = {
    type: 'packet',
    packet: { ...audioConfig(1).packet, payload: Uint8Array.of(0x12, 0x10) },
  };
  other.push(newer);
  expect(everything(other.join()).slice(3)).toEqual([key(0), delta(1)]);
});

test('a configuration that is only repeated does not empty the cache', () => {
  const stream = started(key(0), videoConfig(0));
  expect(everything(stream.join()).slice(3)).toEqual([key(0)]);
});

test('a publisher cannot fill memory with headers', () => {
  const stream = new LiveStream('live', 'one');
  for (let trackId = 0; trackId < 256; trackId += 1) {
    stream.push(videoConfig(0, 100_000, trackId));
  }
  const kept = everything(stream.join()).flatMap((i) =>
    i.type === 'packet' ? [i.packet.payload.length] : [],
  );
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(1024 * 1024);
});

test('says what it is and how many watch', () => {
  const stream = started();
  const player = stream.join();
  expect(stream.info).toMatchObject({
    ...{ app: 'live', name: 'one', players: 1 },
    video: { codec: 'h264', width: 640, height: 360 },
    audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
  });
  stream.leave(player);
  expect(stream.info.players).toBe(0);
});

test('describes what has no configuration by its frames', () => {
  const stream = streamOf(videoItem({ codec: 'vp8', keyframe: true }));
  expect(stream.info.video).toEqual({ codec: 'vp8' });
});

test('its end is the end of every player, after what waits', async () => {
  const stream = started();
  const player = stream.join();
  stream.push(key(0));
  stream.end();
  expect((await player.nextBatch()).at(-1)).toEqual(key(0));
  expect(await player.nextBatch()).toEqual([]);
});

test('a publisher who takes over goes on where the one before stopped', () => {
  const stream = started(key(0), key(1_000_000), delta(1_040_000));
  const player = stream.join();
  everything(player);
  stream.replacePublisher();
  for (const item of [videoConfig(0, 3), delta(0), key(20_000), delta(60_000)]) stream.push(item);
  const expected = [videoConfig(1_100_000, 3), key(1_100_000), delta(1_140_000)];
  expect(everything(player)).toEqual(expected);
  expect(everything(stream.join())).toEqual(expected);
});

test('a publisher who takes over without a picture is heard', () => {
  const stream = started(key(0), delta(40_000));
  const player = stream.join();
  everything(player);
  stream.replacePublisher();
  for (const item of [audioConfig(0), sound(0), sound(20_000)]) stream.push(item);
  expect(everything(player)).toEqual([audioConfig(80_000), sound(80_000), sound(100_000)]);
});

test('a relay that takes over with headers of long ago makes nobody jump', () => {
  const stream = started(key(0), delta(40_000));
  const player = stream.join();
  everything(player);
  stream.replacePublisher();
  const hours = 5_000_000_000;
  for (const item of [videoConfig(0, 3), audioConfig(0)]) stream.push(item);
  for (const header of everything(stream.join())) {
    expect(header).toMatchObject({ packet: { dts: 40_000 } });
  }
  for (const item of [key(hours), sound(hours + 20_000)]) stream.push(item);
  expect(everything(player)).toEqual([
    ...[videoConfig(80_000, 3), audioConfig(80_000)],
    ...[key(80_000), sound(100_000)],
  ]);
});

describe.each([
  { name: 'back by a minute', by: -60 },
  { name: 'ahead by an hour', by: 3600 },
])('[TIME-05] a publisher whose clock is set $name', ({ by }) => {
  const second = 1_000_000;
  const from = 100 * second;

  test('plays on, with its new configuration, sound beside picture', () => {
    const stream = started(key(from), sound(from), delta(from + 40_000), sound(from + 40_000));
    const player = stream.join();
    everything(player);
    const to = from + 80_000 + by * second;
    for (const item of [videoConfig(to, 3), key(to), sound(to), delta(to + 40_000)]) {
      stream.push(item);
    }
    const then = from + 80_000;
    expect(everything(player)).toEqual([
      videoConfig(from + 40_000, 3),
      ...[key(then), sound(then), delta(then + 40_000)],
    ]);
    const late = [videoConfig(then, 3), audioConfig(then), key(then), sound(then)];
    expect(everything(stream.join()).slice(1)).toEqual([...late, delta(then + 40_000)]);
  });

  test('plays on where the sound is late to know of it', () => {
    const stream = started(key(from), sound(from), delta(from + 40_000));
    const player = stream.join();
    everything(player);
    const to = from + 80_000 + by * second;
    for (const item of [key(to), sound(from + 40_000), sound(to), delta(to + 40_000)]) {
      stream.push(item);
    }
    const then = from + 80_000;
    const expected = [key(then), sound(from + 40_000), sound(then), delta(then + 40_000)];
    expect(everything(player)).toEqual(expected);
  });
});

describe('codecs that are not understood', () => {
  const vp6 = (dts: number, keyframe: boolean, over: Partial<OpaquePacket> = {}): FlvItem => {
    const codec = { track: 'video', codec: 'VP6', codecId: 4, type: 'frame' } as const;
    const payload = Uint8Array.of(keyframe ? 0x14 : 0x24, 1, 2);
    return { type: 'opaque', packet: { ...codec, keyframe, pts: dts, dts, payload, ...over } };
  };
  const speex = (dts: number): FlvItem => {
    const codec = { track: 'audio', codec: 'Speex', codecId: 11, type: 'frame' } as const;
    const payload = Uint8Array.of(0xb2, 7);
    return { type: 'opaque', packet: { ...codec, keyframe: true, pts: dts, dts, payload } };
  };

  test('are passed on, and joined at keyframes', () => {
    const stream = streamOf(vp6(0, true), speex(0), vp6(40_000, false), vp6(80_000, true));
    const player = stream.join();
    for (const item of [speex(80_000), vp6(120_000, false)]) stream.push(item);
    expect(everything(player)).toEqual([vp6(80_000, true), speex(80_000), vp6(120_000, false)]);
    expect(stream.info).toMatchObject({ video: { codec: 'VP6' }, audio: { codec: 'Speex' } });
  });

  test('are dropped up to a keyframe by a player who is slow', () => {
    const stream = new LiveStream('live', 'one', { maxQueuedBytes: 12 });
    const player = stream.join();
    for (let at = 0; at < 5; at++) stream.push(vp6(at, at === 0));
    stream.push(vp6(5, true));
    expect(everything(player)).toEqual([vp6(5, true)]);
    expect(player.droppedFrames).toBe(5);
    expect(stream.droppedFrames).toBe(5);
  });

  test('are counted for all players once they have left, and not for observers', () => {
    const stream = new LiveStream('live', 'one', { maxQueuedBytes: 12 });
    const [first, second] = [stream.join(), stream.join()];
    stream.join('observer');
    for (let at = 0; at < 5; at++) stream.push(vp6(at, at === 0));
    const each = first.droppedFrames;
    expect([each > 0, stream.droppedFrames]).toEqual([true, 2 * each]);
    stream.leave(first);
    stream.leave(first);
    stream.end();
    stream.leave(second);
    expect(stream.droppedFrames).toBe(2 * each);
  });

  test('have configurations that late joiners get', () => {
    const config = (dts: number): FlvItem => vp6(dts, true, { type: 'config', codec: 'vvc1' });
    const stream = streamOf(config(0), vp6(40_000, true));
    expect(everything(stream.join())).toEqual([config(40_000), vp6(40_000, true)]);
  });

  test('go on where the clock is set', () => {
    const stream = streamOf(vp6(9e9, true), vp6(9e9 + 40_000, false), vp6(0, false));
    expect(everything(stream.join()).at(-1)).toEqual(vp6(9e9 + 80_000, false));
  });
});

test('small payloads do not keep alive what the socket read with them', () => {
  const limits = { maxGroupBytes: 100_000, maxQueuedBytes: 100_000 };
  const stream = new LiveStream('live', 'one', limits);
  const slow = stream.join();
  const frames = Array.from({ length: 2000 }, (_, dts) => offSocket(sound(dts)));
  const headers = [videoConfig(0, 40), audioConfig(0), videoConfig(0, 40, 1)].map((header) =>
    offSocket(header),
  );
  for (const item of [...headers, offSocket(key(0)), ...frames]) stream.push(item);
  const joined = everything(stream.join());
  expect(joined).toEqual([...headers, offSocket(key(0)), ...frames]);
  const kept = backingBytes([...joined, ...everything(slow)]);
  expect(kept).toBe(40 + 2 + 40 + 10 + 2000 * 2);
});

test('large payloads are passed on as they came', () => {
  const frame = offSocket(key(0, 20_000));
  const stream = started(frame);
  const last = everything(stream.join()).at(-1);
  expect(last?.type === 'packet' && last.packet.payload).toBe(frame.packet.payload);
});

test('what comes within a short time goes to a crowd together, and at once to a few', async () => {
  vi.useFakeTimers();
  try {
    const stream = streamOf(key(0));
    const few = stream.join();
    await few.nextBatch();
    const alone = few.nextBatch();
    stream.push(delta(1));
    expect(await alone).toEqual([delta(1)]);

    const players = Array.from({ length: 100 }, () => stream.join());
    await Promise.all(players.map((player) => player.nextBatch()));
    let given = 0;
    const batches = players.map(async (player) => {
      const batch = await player.nextBatch();
      given += 1;
      return batch;
    });
    stream.push(sound(2));
    await vi.advanceTimersByTimeAsync(45);
    expect(given).toBe(0);
    stream.push(delta(3));
    // Half a millisecond for each.
    await vi.advanceTimersByTimeAsync(7);
    expect(given).toBe(100);
    for (const batch of await Promise.all(batches)) expect(batch).toEqual([sound(2), delta(3)]);

    const last = players.map((player) => player.nextBatch());
    const before = vi.getTimerCount();
    stream.push(delta(4));
    expect(vi.getTimerCount()).toBe(before + 1);
    stream.end();
    expect(vi.getTimerCount()).toBe(before);
    for (const batch of await Promise.all(last)) expect(batch).toEqual([delta(4)]);
  } finally {
    vi.useRealTimers();
  }
});
