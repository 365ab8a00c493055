import type { EncodedPacket } from 'node-rtmp-client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../test/support/packets.js';
import { Splicer } from './splicer.js';

const label = ({ type, track, dts }: EncodedPacket): string =>
  `${type === 'config' ? 'c' : ''}${track[0] ?? ''}${dts / 1000}`;

const place = (splicer: Splicer, packets: EncodedPacket[]): string[] =>
  packets.flatMap((packet) => {
    const placed = splicer.place(packet);
    return placed ? [label(placed)] : [];
  });

describe('Splicer', () => {
  it('leaves the first source as it is', () => {
    const packets = [videoConfig(90), videoFrame(100, true), audioFrame(95), videoFrame(140)];
    expect(place(new Splicer(), packets)).toEqual(['cv90', 'v100', 'a95', 'v140']);
  });

  it('goes on where the picture ended, with the distance of sound and picture kept', () => {
    const splicer = new Splicer();
    place(splicer, [videoFrame(0, true), audioFrame(0), videoFrame(40), audioFrame(20)]);
    const keyframe = videoFrame(7_000, true);
    splicer.begin(keyframe);
    expect(place(splicer, [keyframe, audioFrame(7_005), videoFrame(7_040)])).toEqual([
      ...['v80', 'a85', 'v120'],
    ]);
  });

  it('leaves out sound that would lie over what was sent, and only at the seam', () => {
    const splicer = new Splicer();
    place(splicer, [videoFrame(0, true), audioFrame(0), videoFrame(40)]);
    place(
      splicer,
      [20, 40, 60, 80, 100].map((ms) => audioFrame(ms)),
    );
    const keyframe = videoFrame(0, true);
    splicer.begin(keyframe);
    const sound = [0, 20, 40, 40.1, 60].map((ms) => audioFrame(ms));
    expect(place(splicer, [keyframe, ...sound])).toEqual(['v80', 'a120', 'a120.1', 'a140']);
  });

  it('repeats a configuration only where it is another', () => {
    const splicer = new Splicer();
    place(splicer, [videoConfig(), audioConfig(), videoFrame(0, true)]);
    splicer.begin(videoFrame(0, true));
    const other = { ...videoConfig(), payload: Uint8Array.of(1, 2, 3) };
    expect(place(splicer, [videoConfig(), audioConfig()])).toEqual([]);
    expect(place(splicer, [other, other])).toHaveLength(1);
    expect(place(splicer, [videoConfig()])).toHaveLength(1);
  });

  it('keeps what is shown later than it is decoded before the new picture', () => {
    const splicer = new Splicer();
    const reordered = { ...videoFrame(40), pts: 120_000 };
    place(splicer, [videoFrame(0, true), reordered]);
    const keyframe = videoFrame(0, true);
    splicer.begin(keyframe);
    expect(splicer.place(keyframe)).toMatchObject({ dts: 160_000, pts: 160_000 });
  });

  it('lets a pause pass', () => {
    const splicer = new Splicer();
    place(splicer, [videoFrame(0, true), videoFrame(40)]);
    const keyframe = videoFrame(500, true);
    splicer.begin(keyframe, 2_000_000);
    expect(splicer.place(keyframe)).toMatchObject({ dts: 2_040_000 });
  });

  it('for any sources: decode times rise within each track, nothing is shown before it is decoded', () => {
    const source = fc.record({
      start: fc.integer({ min: -1_000_000, max: 1e9 }),
      pause: fc.nat(3_000_000),
      frames: fc.array(
        fc.record({ step: fc.integer({ min: 1_000, max: 80_000 }), delay: fc.nat(120_000) }),
        { minLength: 1, maxLength: 30 },
      ),
      audioLead: fc.integer({ min: -50_000, max: 50_000 }),
    });
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 6 }), (sources) => {
        const splicer = new Splicer();
        const last = { video: -Infinity, audio: -Infinity };
        let shown = -Infinity;
        for (const { start, pause, frames, audioLead } of sources) {
          let dts = start;
          const packets = frames.flatMap(({ step, delay }, index): EncodedPacket[] => {
            dts += step;
            const video = { ...videoFrame(0, index === 0), dts, pts: dts + delay };
            return [video, { ...audioFrame(0), dts: dts + audioLead, pts: dts + audioLead }];
          });
          const [keyframe] = packets;
          if (!keyframe) continue;
          const newest = shown;
          splicer.begin(keyframe, pause);
          for (const packet of packets) {
            const placed = splicer.place(packet);
            if (!placed) continue;
            expect(placed.dts).toBeGreaterThan(last[placed.track]);
            expect(placed.pts).toBeGreaterThanOrEqual(placed.dts);
            last[placed.track] = placed.dts;
            if (placed.track === 'video') shown = Math.max(shown, placed.pts);
            if (packet === keyframe) expect(placed.pts).toBeGreaterThan(newest);
          }
        }
      }),
    );
  });
});
