import type { EncodedPacket } from 'node-rtmp-client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audioFrame, videoFrame } from '../../test/support/packets.js';
import { MillisecondClock } from './millisecond-clock.js';

const rebase = (packets: EncodedPacket[]): { track: string; dts: number; pts: number }[] => {
  const clock = new MillisecondClock();
  return packets.map((packet) => {
    const { track, dts, pts } = clock.round(packet);
    return { track, dts, pts };
  });
};

describe('MillisecondClock', () => {
  test('the first packet is at zero and the tracks keep their distance', () => {
    expect(rebase([videoFrame(5_000), audioFrame(5_010.4), videoFrame(5_033.4)])).toEqual([
      { track: 'video', dts: 0, pts: 0 },
      { track: 'audio', dts: 10_000, pts: 10_000 },
      { track: 'video', dts: 33_000, pts: 33_000 },
    ]);
  });

  test('keeps the presentation offset of reordered frames', () => {
    const frame = { ...videoFrame(1_000), pts: 1_080_000 };
    expect(rebase([frame])).toEqual([{ track: 'video', dts: 0, pts: 80_000 }]);
  });

  test('a repeated time moves by one millisecond, and the next is back in its place', () => {
    const times = rebase([videoFrame(0), videoFrame(0), videoFrame(0.4), videoFrame(33)]);
    expect(times.map(({ dts }) => dts)).toEqual([0, 1_000, 2_000, 33_000]);
  });

  test('keeps a presentation before the decode time, as files have it whose order was rewritten', () => {
    const shown = [80, 0, 40, 200, 120].map((at) => at * 1000);
    const frames = shown.map((pts, index) => ({
      ...videoFrame(100 + index * 40),
      pts: pts + 20_000,
    }));
    expect(rebase(frames)).toEqual(
      shown.map((pts, index) => ({ track: 'video', dts: index * 40_000, pts: pts - 80_000 })),
    );
  });

  test('a repeated time does not move a presentation that lies before it', () => {
    const early = [60_000, 20_000].map((pts) => ({ ...videoFrame(100), pts }));
    expect(rebase(early).map(({ dts, pts }) => [dts, pts])).toEqual([
      [0, -40_000],
      [1_000, -80_000],
    ]);
  });

  test('no two pictures are shown at the same time, however close a busy camera stamped them', () => {
    const stamps = [0, 33.3, 33.6, 33.8, 66.6];
    const frames = stamps.map((at) => ({ ...videoFrame(at), pts: (at + 64) * 1000 }));
    expect(rebase(frames).map(({ dts, pts }) => [dts / 1000, pts / 1000])).toEqual([
      [0, 64],
      [33, 97],
      [34, 98],
      [35, 99],
      [67, 131],
    ]);
  });

  test.each([
    { name: 'back by a minute', by: -60_000 },
    { name: 'ahead by an hour', by: 3_600_000 },
  ])('a clock that is set $name goes on, sound beside picture', ({ by }) => {
    const clock = new MillisecondClock(() => 0);
    const times: [string, number][] = [];
    for (let at = 0; at < 10_000; at += 40) {
      const from = 100_000 + at + (at < 5_000 ? 0 : by);
      for (const packet of [videoFrame(from), audioFrame(from + 10)]) {
        const { track, dts, pts } = clock.round(packet);
        expect(pts).toBe(dts);
        times.push([track, dts / 1000]);
      }
    }
    for (const [index, [track, time]] of times.entries()) {
      const offset = track === 'video' ? 0 : 10;
      const moved = time - Math.floor(index / 2) * 40 - offset;
      expect(moved).toBeGreaterThanOrEqual(0);
      expect(moved).toBeLessThanOrEqual(40);
    }
  });

  test('a configuration before the first frame of a clock that was set stands with the last', () => {
    const clock = new MillisecondClock(() => 0);
    clock.round(videoFrame(100_000));
    clock.round(videoFrame(100_040));
    const config: EncodedPacket = { ...videoFrame(5_000_000), type: 'config' };
    expect(clock.round(config).dts).toBe(40_000);
  });

  test('a pause of hours is kept, where hours pass', () => {
    let now = 0;
    const clock = new MillisecondClock(() => now);
    clock.round(videoFrame(0));
    now = 3 * 3_600_000;
    expect(clock.round(videoFrame(now)).dts).toBe(now * 1000);
  });

  test('a second track that begins earlier is held at zero', () => {
    const times = rebase([videoFrame(100), audioFrame(80), audioFrame(101)]);
    expect(times.map(({ dts }) => dts)).toEqual([0, 0, 1_000]);
  });

  test('for any times that do not fall: strictly rising whole milliseconds, never shown before decoded', () => {
    const steps = fc.array(
      fc.record({ step: fc.nat(50_000), offset: fc.nat(200_000), isAudio: fc.boolean() }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.nat(1e12), steps, (start, list) => {
        let dts = start;
        const packets = list.map(({ step, offset, isAudio }) => {
          dts += step;
          return { ...(isAudio ? audioFrame(0) : videoFrame(0)), dts, pts: dts + offset };
        });
        const last: Record<string, number> = {};
        const shown: Record<string, number[]> = { audio: [], video: [] };
        for (const { track, dts: at, pts } of rebase(packets)) {
          expect(shown[track]?.slice(-16)).not.toContain(pts);
          shown[track]?.push(pts);
          expect(at % 1000).toBe(0);
          expect(pts).toBeGreaterThanOrEqual(at);
          expect(at).toBeGreaterThan(last[track] ?? -1);
          last[track] = at;
        }
      }),
    );
  });
});
