import { describe, expect, it, vi } from 'vitest';
import { delta, key, sound, videoConfig } from '../../test/support/live-items.js';
import type { FlvItem, PacketItem } from '../flv/flv-item.js';
import { findSplice, StreamTrail } from './stream-trail.js';

/** The item with a payload that says `content`. */
const saying = ({ packet }: PacketItem, content: number): PacketItem => ({
  type: 'packet',
  packet: { ...packet, payload: Uint8Array.of(0, content) },
});
const keyOf = (dts: number, content: number): PacketItem => saying(key(dts), content);
const soundOf = (dts: number, content: number): PacketItem => saying(sound(dts), content);

function trailOf(...items: FlvItem[]): StreamTrail {
  const trail = new StreamTrail();
  for (const item of items) trail.see(item);
  return trail;
}

describe('the trail of a stream', () => {
  it('is marked by keyframes of the default track, and tells of each', () => {
    const trail = new StreamTrail();
    const onMark = vi.fn();
    trail.onMark = onMark;
    for (const item of [videoConfig(0), key(0), sound(10), delta(40), key(50, 10, 1), key(80)]) {
      trail.see(item);
    }
    expect(trail.marks.map(({ dts }) => dts)).toEqual([0, 80]);
    expect(onMark).toHaveBeenCalledTimes(2);
    expect(trail.newest).toBe(80);
  });

  it('is marked by sound while there are no pictures', () => {
    const trail = trailOf(sound(0), sound(20));
    expect(trail.marks.map(({ dts }) => dts)).toEqual([0, 20]);
    trail.see(videoConfig(30));
    expect(trail.marks).toEqual([]);
    trail.see(key(40));
    trail.see(sound(60));
    expect(trail.newest).toBe(40);
  });

  it('does not grow without end', () => {
    const trail = trailOf(...Array.from({ length: 1000 }, (_, i) => key(i)));
    expect(trail.marks).toHaveLength(64);
    expect(trail.marks.at(-1)?.dts).toBe(999);
  });
});

describe('the place where a copy takes over', () => {
  it('is any, where both send the same', () => {
    const stream = trailOf(keyOf(0, 1), keyOf(2000, 2), keyOf(4000, 3));
    const place = { shift: 0, from: undefined };
    expect(findSplice(stream, trailOf(keyOf(2000, 2)), false)).toEqual(place);
    expect(findSplice(trailOf(keyOf(2000, 2)), stream, false)).toEqual(place);
  });

  it('is found by what is sent, whatever the time', () => {
    const stream = trailOf(keyOf(0, 1), keyOf(2000, 2), keyOf(4000, 3));
    const copy = trailOf(keyOf(50_500, 3), keyOf(52_500, 4));
    expect(findSplice(stream, copy, false)).toEqual({ shift: -46_500, from: undefined });
  });

  it('is not known before there is anything in common', () => {
    expect(findSplice(trailOf(keyOf(0, 1)), trailOf(keyOf(0, 2)), false)).toBeUndefined();
    expect(findSplice(trailOf(), trailOf(keyOf(0, 2)), false)).toBeUndefined();
    expect(findSplice(trailOf(keyOf(0, 2)), trailOf(), true)).toBeUndefined();
  });

  it('is not guessed where pictures, or sounds, are alike', () => {
    const still = [keyOf(0, 1), keyOf(2000, 2), keyOf(4000, 1)];
    expect(findSplice(trailOf(...still), trailOf(keyOf(6000, 1)), false)).toBeUndefined();
    expect(findSplice(trailOf(keyOf(6000, 1)), trailOf(...still), false)).toBeUndefined();
    const silent = trailOf(soundOf(0, 1));
    expect(findSplice(silent, trailOf(soundOf(20, 1)), false)).toBeUndefined();
    // Where the times agree as well, it is no guess.
    expect(findSplice(trailOf(...still), trailOf(keyOf(4000, 1)), false)?.shift).toBe(0);
    expect(findSplice(silent, trailOf(soundOf(0, 1)), false)?.shift).toBe(0);
  });

  it('is the keyframe that comes next, where it must be found', () => {
    const stream = trailOf(keyOf(0, 1), delta(40_000));
    const copy = trailOf(keyOf(40_000, 7), keyOf(80_000, 8), keyOf(120_000, 9));
    expect(findSplice(stream, copy, true)).toEqual({ shift: 0, from: 80_000 });
    expect(findSplice(trailOf(), copy, true)).toEqual({ shift: 0, from: 40_000 });
  });

  it('is the newest keyframe, put after what came before, where the clocks have nothing in common', () => {
    const stream = trailOf(keyOf(5_000_000, 1), delta(5_040_000));
    const place = { shift: 5_080_000 - 100_000, from: 100_000 };
    expect(findSplice(stream, trailOf(keyOf(60_000, 8), keyOf(100_000, 9)), true)).toEqual(place);
    const ahead = findSplice(stream, trailOf(keyOf(16_000_000, 9)), true);
    expect(ahead).toEqual({ shift: 5_080_000 - 16_000_000, from: 16_000_000 });
  });
});
