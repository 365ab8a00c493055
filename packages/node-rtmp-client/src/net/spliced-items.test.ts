import { describe, expect, it } from 'vitest';
import { audioConfig, delta, key, sound, videoConfig } from '../../test/support/live-items.js';
import type { FlvItem } from '../flv/flv-item.js';
import { SplicedItems } from './spliced-items.js';
import type { Splice } from './stream-trail.js';

const before: FlvItem[] = [
  { type: 'metadata', value: { width: 640 } },
  videoConfig(0, 12),
  audioConfig(0),
  ...[key(0), sound(5), delta(40), sound(45)],
];

/** What is delivered of `after`, once `before` has been. */
function taken(splice: Splice, after: FlvItem[], first = before): FlvItem[] {
  const items = new SplicedItems();
  expect(first.flatMap((item) => items.take(item) ?? [])).toEqual(first);
  items.goOn(splice);
  return after.flatMap((item) => items.take(item) ?? []);
}

const anywhere = (shift = 0): Splice => ({ shift, from: undefined });

describe('a stream that is put together', () => {
  it('leaves out what was delivered, of each track for itself', () => {
    const after = [...before, delta(80), sound(85)];
    expect(taken(anywhere(), after)).toEqual([delta(80), sound(85)]);
    const lagging = [key(0), delta(40), key(80), sound(5), sound(45), sound(85)];
    expect(taken(anywhere(), lagging)).toEqual([key(80), sound(85)]);
  });

  it('puts all that follows on the clock of what came before', () => {
    const after = [
      videoConfig(1000, 12),
      delta(1040),
      sound(1045),
      delta(1080),
      videoConfig(1100, 5),
    ];
    expect(taken(anywhere(-1000), after)).toEqual([delta(80), videoConfig(100, 5)]);
  });

  it('says what a decoder has to know only where it is new, and then in time', () => {
    const after: FlvItem[] = [
      { type: 'metadata', value: { width: 640 } },
      audioConfig(999),
      videoConfig(999, 13),
      { type: 'metadata', value: { width: 1280 } },
      key(999),
    ];
    expect(taken({ shift: -900, from: 999 }, after)).toEqual([
      videoConfig(45, 13),
      { type: 'metadata', value: { width: 1280 } },
      key(99),
    ]);
  });

  it('begins with the frame that it is told, and every track with one that can be decoded', () => {
    const after = [
      ...[key(0), sound(45), delta(50), sound(79)],
      ...[key(80), delta(80, 10, 1), sound(85), delta(120), delta(120, 10, 1), key(160, 10, 1)],
      delta(200, 10, 1),
    ];
    expect(taken({ shift: 0, from: 80 }, after)).toEqual([
      ...[key(80), sound(85), delta(120), key(160, 10, 1), delta(200, 10, 1)],
    ]);
  });

  it('can be put together of more than two', () => {
    const items = new SplicedItems();
    for (const item of before) items.take(item);
    items.goOn(anywhere(-1000));
    expect(items.take(delta(1080))).toEqual(delta(80));
    items.goOn({ shift: -2000, from: 2100 });
    const after = [delta(2080), delta(2100), sound(2105), key(2120), delta(2160)];
    expect(after.flatMap((item) => items.take(item) ?? [])).toEqual([
      ...[sound(105), key(120), delta(160)],
    ]);
  });

  it('takes everything where nothing came before', () => {
    expect(taken(anywhere(), before, [])).toEqual(before);
  });

  it('forgets what belongs to a track that has ended', () => {
    const end: FlvItem = {
      ...{ type: 'sequence-end', track: 'video', codec: 'h264', trackId: 0, timestamp: 50 },
    };
    const after = [videoConfig(80, 12), key(80)];
    expect(taken(anywhere(), after, [...before, end])).toEqual([videoConfig(45, 12), key(80)]);
  });
});
