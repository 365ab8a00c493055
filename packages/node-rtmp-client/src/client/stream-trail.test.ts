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

  it('is marked by sound, on a grid of the clock, while there are no pictures', () => {
    const sounds = Array.from({ length: 30 }, (_, i) => sound(i * 20_000));
    const trail = trailOf(videoConfig(0), ...sounds);
    expect(trail.marks.map(({ dts }) => dts)).toEqual([0, 200_000, 400_000]);
    expect(trail.newest).toBe(580_000);
    trail.see(key(600_000));
    trail.see(sound(610_000));
    expect(trail.marks.map(({ dts }) => dts)).toEqual([600_000]);
    expect(trail.newest).toBe(600_000);
  });

  it('goes by its sound while the pictures rest', () => {
    const trail = trailOf(key(0), sound(10_000), sound(4_900_000));
    expect(trail.newest).toBe(0);
    trail.see(sound(5_100_000));
    expect(trail.newest).toBe(5_100_000);
    expect(trail.marks.map(({ track }) => track)).toEqual(['video', 'audio']);
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
    expect(findSplice(stream, trailOf(keyOf(2000, 2)), 'same')).toEqual(place);
    expect(findSplice(trailOf(keyOf(2000, 2)), stream, 'same')).toEqual(place);
  });

  it('is found by what is sent, whatever the time', () => {
    const stream = trailOf(keyOf(0, 1), keyOf(2000, 2), keyOf(4000, 3));
    const copy = trailOf(keyOf(50_500, 3), keyOf(52_500, 4));
    expect(findSplice(stream, copy, 'same')).toEqual({ shift: -46_500, from: undefined });
  });

  it('is not known before there is anything in common', () => {
    expect(findSplice(trailOf(keyOf(0, 1)), trailOf(keyOf(0, 2)), 'same')).toBeUndefined();
    expect(findSplice(trailOf(keyOf(0, 2)), trailOf(), 'any')).toBeUndefined();
  });

  it('is not guessed where pictures, or sounds, are alike', () => {
    const still = [keyOf(0, 1), keyOf(2000, 2), keyOf(4000, 1)];
    expect(findSplice(trailOf(...still), trailOf(keyOf(6000, 1)), 'same')).toBeUndefined();
    expect(findSplice(trailOf(keyOf(6000, 1)), trailOf(...still), 'same')).toBeUndefined();
    const silent = trailOf(soundOf(0, 1));
    expect(findSplice(silent, trailOf(soundOf(200_000, 1)), 'same')).toBeUndefined();
    // Where the times agree as well, it is no guess.
    expect(findSplice(trailOf(...still), trailOf(keyOf(4000, 1)), 'same')?.shift).toBe(0);
    expect(findSplice(silent, trailOf(soundOf(0, 1)), 'same')?.shift).toBe(0);
  });

  it('is the keyframe that comes next, where it must be found', () => {
    const stream = trailOf(keyOf(0, 1), delta(40_000));
    const copy = trailOf(keyOf(40_000, 7), keyOf(80_000, 8), keyOf(120_000, 9));
    expect(findSplice(stream, copy, 'next')).toEqual({ shift: 0, from: 80_000 });
  });

  it('is the first keyframe where there was nothing before', () => {
    const copy = trailOf(keyOf(40_000, 7), keyOf(80_000, 8));
    expect(findSplice(trailOf(), copy, 'same')).toEqual({ shift: 0, from: 40_000 });
  });

  it('is waited for where the copy seems to lag, while there is time', () => {
    const stream = trailOf(keyOf(5_000_000, 1));
    const lagging = trailOf(keyOf(3_000_000, 8));
    expect(findSplice(stream, lagging, 'other')).toBeUndefined();
    const place = { shift: 2_040_000, from: 3_000_000 };
    expect(findSplice(stream, lagging, 'any')).toEqual(place);
    const another = trailOf(keyOf(60_000_000, 8));
    expect(findSplice(stream, another, 'next')).toBeUndefined();
    expect(findSplice(stream, another, 'other')?.from).toBe(60_000_000);
  });

  it('is the newest keyframe, put after what came before, where the clocks have nothing in common', () => {
    const stream = trailOf(keyOf(5_000_000, 1), delta(5_040_000));
    const place = { shift: 5_080_000 - 100_000, from: 100_000 };
    expect(findSplice(stream, trailOf(keyOf(60_000, 8), keyOf(100_000, 9)), 'any')).toEqual(place);
    const ahead = findSplice(stream, trailOf(keyOf(16_000_000, 9)), 'any');
    expect(ahead).toEqual({ shift: 5_080_000 - 16_000_000, from: 16_000_000 });
  });
});
