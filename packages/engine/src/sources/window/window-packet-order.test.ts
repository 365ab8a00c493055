import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, test } from 'vitest';
import { aacConfiguration, avcConfiguration, videoFrame } from '../../../test/support/packets.js';
import { WindowPacketOrder } from './window-packet-order.js';

/** Microseconds. */
const ms = 1000;
const aacFrame = (1024 / 48_000) * 1e6;
const pictureStep = 1e6 / 30;

interface Event {
  /** When it comes from the window, on the clock by which times are stamped. Microseconds. */
  readonly at: number;
  readonly message: Parameters<WindowPacketOrder['push']>[0];
}

/** The picture begins when sound has come. */
const timeOfPicture = (index: number): number => Math.round(200 * ms + index * pictureStep);

const picture = (index: number): Event => {
  const time = timeOfPicture(index);
  const frame = { type: 'frame', track: 'video', keyframe: index === 0 } as const;
  const { payload } = videoFrame(0, index === 0);
  return { at: time + 8 * ms, message: { ...frame, pts: time, dts: time, payload } };
};

/**
 * Sound as the AAC encoder gives it: a frame holds what came one frame before it, and leaves when the frame after it is
 * whole, too. On its way it takes as long as `late`, in microseconds.
 */
const sound = (index: number, late: number): Event => {
  const time = Math.round((index - 1) * aacFrame);
  const payload = new Uint8Array(30);
  return {
    at: (index + 2) * aacFrame + late,
    message: { type: 'frame', track: 'audio', keyframe: true, pts: time, dts: time, payload },
  };
};

interface Left {
  readonly packet: EncodedPacket;
  /** When it left, as `Event.at`. */
  readonly at: number;
}

/** Ten seconds of picture and sound, each event in its turn. */
function run(late: (index: number) => number): Left[] {
  const events = [
    ...Array.from({ length: 300 }, (_, index) => picture(index)),
    ...Array.from({ length: 480 }, (_, index) => sound(index, late(index))),
  ].toSorted((a, b) => a.at - b.at);
  const order = new WindowPacketOrder({ hasAudio: true });
  for (const track of ['video', 'audio'] as const) {
    const payload = track === 'video' ? avcConfiguration : aacConfiguration;
    order.push({ type: 'config', track, payload });
  }
  return events.flatMap(({ at, message }) => order.push(message).map((packet) => ({ packet, at })));
}

const frames = (left: readonly Left[], track: 'video' | 'audio'): Left[] =>
  left.filter(({ packet }) => packet.track === track && packet.type === 'frame');

/** Media time that each picture waited beyond its encoding, smallest first, in milliseconds. */
const waits = (left: readonly Left[]): number[] =>
  frames(left, 'video')
    .map(({ packet, at }) => (at - packet.pts) / ms - 8)
    .toSorted((a, b) => a - b);

describe.each([
  { name: 'at once', late: () => 0 },
  { name: 'after 20 ms', late: () => 20 * ms },
  { name: 'after 10 to 30 ms', late: (index: number) => (10 + ((index * 7) % 21)) * ms },
])('pictures beside sound that comes $name', ({ late }) => {
  test('wait for it for a few milliseconds, not for the whole of its way', () => {
    const sorted = waits(run(late));
    expect(sorted).toHaveLength(300);
    expect(sorted[150]).toBeLessThanOrEqual(12);
    expect(sorted.at(-1)).toBeLessThanOrEqual(25);
  });

  test('leave in one order of decode times with it, and are shown when they were', () => {
    const left = run(late);
    const times = left.map(({ packet }) => packet.dts);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(frames(left, 'video').map(({ packet }) => packet.pts)).toEqual(
      Array.from({ length: 300 }, (_, index) => timeOfPicture(index)),
    );
    for (const { packet } of left) expect(packet.pts).toBeGreaterThanOrEqual(packet.dts);
    for (const [index, { packet }] of frames(left, 'audio').entries()) {
      expect(Math.abs(packet.pts - (index - 1) * aacFrame)).toBeLessThanOrEqual(1);
    }
  });
});

test('pictures without sound are decoded when they are shown, and wait for nothing', () => {
  const order = new WindowPacketOrder({ hasAudio: false });
  order.push({ type: 'config', track: 'video', payload: avcConfiguration });
  for (let index = 0; index < 10; index++) {
    const { message } = picture(index);
    expect(order.push(message)).toMatchObject([{ pts: message.type === 'frame' && message.pts }]);
  }
});
