import type { DropCause } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { PacketQueue } from './packet-queue.js';

const limits = { connectingMs: 1_000, flowingMs: 200, bytes: 100_000, heldMs: 400 };
/** Never aborted; a queue listens to its reader. */
let never: AbortSignal;
beforeEach(() => (never = new AbortController().signal));

/** 25 frames a second with a keyframe each second. */
const video = (ms: number): EncodedPacket => videoFrame(ms, ms % 1_000 === 0);

async function takeAll(queue: PacketQueue): Promise<EncodedPacket[]> {
  queue.end();
  const packets: EncodedPacket[] = [];
  for (;;) {
    const packet = await queue.next(never);
    if (!packet) return packets;
    packets.push(packet);
  }
}

const label = ({ type, track, dts, keyframe }: EncodedPacket): string =>
  type === 'config'
    ? `${track} config`
    : `${track === 'video' ? (keyframe ? 'K' : 'p') : 'a'}${dts / 1000}`;

describe('PacketQueue', () => {
  test('gives everything in order while within its limits', async () => {
    const queue = new PacketQueue(limits);
    const given = [
      videoConfig(),
      audioConfig(),
      video(0),
      audioFrame(5),
      video(40),
      audioFrame(26),
    ];
    for (const packet of given) queue.push(packet);
    expect(queue.durationMs).toBe(40);
    expect(await takeAll(queue)).toEqual(given);
    expect(queue.droppedBy.network).toBe(0);
    expect(queue.bytes).toBe(0);
  });

  test('sound alone goes on at once after a suspension', async () => {
    const queue = new PacketQueue(limits);
    queue.push(audioConfig());
    queue.push(audioFrame(0));
    queue.suspend();
    queue.push(audioFrame(20));
    expect(queue.waitsForKeyframe).toBe(true);
    queue.flow();
    queue.push(audioFrame(40));
    expect(queue.waitsForKeyframe).toBe(false);
    expect((await takeAll(queue)).map(label)).toEqual(['audio config', 'a40']);
  });

  test('drops up to the newest waiting keyframe, and neither sound nor configurations', async () => {
    const queue = new PacketQueue({ ...limits, connectingMs: 500 });
    queue.push(videoConfig());
    for (let ms = 600; ms <= 1_120; ms += 40) {
      // The first frame must be a keyframe for the stream to begin.
      queue.push(videoFrame(ms, ms === 600 || ms === 1_000));
      queue.push(audioFrame(ms));
    }
    const labels = (await takeAll(queue)).map(label);
    expect(labels.filter((l) => !l.startsWith('a'))).toEqual([
      'video config',
      'K1000',
      'p1040',
      'p1080',
      'p1120',
    ]);
    expect(labels.filter((l) => l.startsWith('a'))).toHaveLength(14);
    expect(queue.droppedBy.network).toBe(10);
  });

  test('without a later keyframe drops all waiting picture and what comes until one does', async () => {
    const queue = new PacketQueue({ ...limits, connectingMs: 500 });
    for (let ms = 0; ms <= 1_040; ms += 40) queue.push(video(ms));
    expect((await takeAll(queue)).map(label)).toEqual(['K1000', 'p1040']);
    expect(queue.droppedBy.network).toBe(25);
  });

  test('begins with a keyframe', async () => {
    const queue = new PacketQueue(limits);
    for (const ms of [920, 960, 1_000, 1_040]) queue.push(video(ms));
    expect((await takeAll(queue)).map(label)).toEqual(['K1000', 'p1040']);
    expect(queue.droppedBy.network).toBe(2);
  });

  test('what piled up while connecting drains whole once it flows', async () => {
    const queue = new PacketQueue(limits);
    for (let ms = 0; ms < 1_000; ms += 40) queue.push(video(ms));
    queue.flow();
    const taken: (EncodedPacket | undefined)[] = [];
    // Two leave for each that comes.
    for (let ms = 1_000; ms < 1_960; ms += 40) {
      for (let i = 0; i < 2; i += 1) taken.push(await queue.next(never));
      queue.push(video(ms));
    }
    expect(queue.droppedBy.network).toBe(0);
    expect(taken).toHaveLength(48);
    // From then on the short limit holds.
    for (let ms = 1_960; ms < 2_400; ms += 40) queue.push(video(ms));
    expect(queue.droppedBy.network).toBeGreaterThan(0);
  });

  test('after a suspension: configurations, then both tracks from the next keyframe', async () => {
    const queue = new PacketQueue(limits);
    queue.push(videoConfig());
    queue.push(audioConfig());
    for (let ms = 0; ms < 400; ms += 40) queue.push(video(ms));
    queue.suspend();
    // By now it is too long ago to begin with.
    queue.push(video(400));
    queue.push(video(440));
    queue.push(audioFrame(440));
    queue.flow();
    for (let ms = 920; ms <= 1_040; ms += 40) {
      queue.push(audioFrame(ms));
      queue.push(video(ms));
    }
    expect((await takeAll(queue)).map(label)).toEqual([
      'video config',
      'audio config',
      'K1000',
      'a1040',
      'p1040',
    ]);
    expect(queue.framesMissed).toBe(10 + 2 + 2);
    expect(queue.droppedBy.network).toBe(0);
  });

  test('after a suspension: the newest group of pictures that is held, and all that comes after it', async () => {
    const queue = new PacketQueue(limits);
    queue.push(videoConfig());
    for (let ms = 680; ms <= 960; ms += 40) queue.push(videoFrame(ms, ms === 680));
    queue.suspend();
    for (let ms = 1_000; ms <= 1_360; ms += 40) {
      queue.push(video(ms));
      queue.push(audioFrame(ms));
    }
    expect(queue).toMatchObject({ durationMs: 0, bytes: 0, framesMissed: 8 + 10 });
    queue.flow();
    expect(queue.framesMissed).toBe(8);
    expect(queue.waitsForKeyframe).toBe(false);
    expect(queue.durationMs).toBe(360);
    // It drains at the network's pace: it is no reason to drop what comes.
    for (let ms = 1_400; ms <= 1_520; ms += 40) queue.push(video(ms));
    const labels = (await takeAll(queue)).map(label);
    expect(labels.slice(0, 4)).toEqual(['video config', 'K1000', 'a1000', 'p1040']);
    expect(labels.filter((each) => each.startsWith('p')).at(-1)).toBe('p1520');
    expect(queue).toMatchObject({ framesMissed: 8, droppedBy: { network: 0, move: 0 } });
  });

  test('what waited when the server was lost is held, too', async () => {
    const queue = new PacketQueue(limits);
    queue.push(videoConfig());
    for (let ms = 880; ms <= 1_080; ms += 40)
      queue.push(videoFrame(ms, ms === 880 || ms === 1_000));
    queue.suspend();
    queue.flow();
    expect((await takeAll(queue)).map(label)).toEqual(['video config', 'K1000', 'p1040', 'p1080']);
    expect(queue.framesMissed).toBe(3);
  });

  test('what comes while nobody is there is missed frame by frame, whatever is held of it', () => {
    const queue = new PacketQueue({ ...limits, heldMs: 4_000 });
    queue.push(videoConfig());
    for (let ms = 0; ms <= 200; ms += 40) queue.push(video(ms));
    queue.suspend();
    expect(queue.framesMissed).toBe(6);
    for (let ms = 240; ms <= 6_000; ms += 40) {
      const before = queue.framesMissed;
      queue.push(video(ms));
      queue.push(audioFrame(ms));
      expect(queue.framesMissed - before, `at ${ms} ms`).toBe(1);
    }
    // Tried in vain: it was suspended all the time.
    queue.suspend();
    expect(queue.framesMissed).toBe(151);
    queue.flow();
    expect(queue.framesMissed).toBe(150);
  });

  test('what is held when it ends was missed', async () => {
    for (const endFirst of [true, false]) {
      const queue = new PacketQueue(limits);
      for (let ms = 0; ms <= 200; ms += 40) queue.push(video(ms));
      if (endFirst) queue.end();
      queue.suspend();
      queue.end();
      expect(queue.framesMissed).toBe(6);
      expect(await queue.next(never)).toBeUndefined();
    }
  });

  test('leaves out first what nothing else is decoded from', async () => {
    const queue = new PacketQueue({ ...limits, flowingMs: 400 });
    queue.flow();
    const disposable = (ms: number): EncodedPacket => {
      const frame = videoFrame(ms);
      frame.payload[4] = 0x01;
      return frame;
    };
    const push = (from: number, to: number): void => {
      for (let ms = from; ms <= to; ms += 40)
        queue.push(ms % 120 === 80 ? disposable(ms) : videoFrame(ms, ms === 0));
    };
    push(0, 0);
    // Before anything has left, what waits is what piled up while connecting.
    await queue.next(never);
    push(40, 240);
    expect(queue.droppedBy.network).toBe(0);
    // Half of the limit: those of 80 and 200 that waited, and the one of 320 that came.
    push(280, 320);
    expect(queue.droppedBy.network).toBe(3);
    push(360, 400);
    const labels = (await takeAll(queue)).map(label);
    expect(labels).toEqual(['p40', 'p120', 'p160', 'p240', 'p280', 'p360', 'p400']);
    expect(queue.droppedBy.network).toBe(3);
  });

  test('keeps within its bytes even when only sound is left to drop', () => {
    const queue = new PacketQueue({ ...limits, connectingMs: 1e9, flowingMs: 1e9, bytes: 1_000 });
    queue.push(videoFrame(0, true, 500));
    for (let ms = 0; ms < 2_000; ms += 20) queue.push(audioFrame(ms, 50));
    expect(queue.bytes).toBeLessThanOrEqual(1_000);
    expect(queue.droppedBy.network).toBe(1);
  });

  test('drops are counted by what was waited for, with what they keep out until the next keyframe', () => {
    let why: DropCause = 'network';
    const queue = new PacketQueue({ ...limits, connectingMs: 400 }, () => why);
    const push = (from: number, to: number): void => {
      for (let ms = from; ms < to; ms += 40) queue.push(video(ms));
    };
    // The twelfth is one too many: all are dropped, and nothing passes until the next second.
    push(0, 480);
    expect(queue.droppedBy).toEqual({ network: 12, move: 0 });
    why = 'move';
    push(480, 1_000);
    expect(queue.droppedBy).toEqual({ network: 25, move: 0 });
    push(1_000, 1_480);
    why = 'network';
    push(1_480, 2_040);
    expect(queue.droppedBy).toEqual({ network: 25, move: 25 });
  });

  test('a taker that waits gets what comes, and nothing when aborted', async () => {
    const queue = new PacketQueue(limits);
    const waiting = queue.next(never);
    queue.push(video(0));
    expect(await waiting).toEqual(video(0));
    const abort = new AbortController();
    const next = queue.next(abort.signal);
    queue.push(video(40));
    expect(await next).toEqual(video(40));
    const aborted = queue.next(abort.signal);
    abort.abort();
    expect(await aborted).toBeUndefined();
    expect(await queue.next(abort.signal)).toBeUndefined();
    // The next one gets what the last one left.
    const after = queue.next(new AbortController().signal);
    queue.push(video(80));
    expect(await after).toEqual(video(80));
  });
});
