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
        for (const { track, dts: at, pts } of rebase(packets)) {
          expect(at % 1000).toBe(0);
          expect(pts).toBeGreaterThanOrEqual(at);
          expect(at).toBeGreaterThan(last[track] ?? -1);
          last[track] = at;
        }
      }),
    );
  });
});
