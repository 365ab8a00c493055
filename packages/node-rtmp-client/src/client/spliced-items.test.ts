import { describe, expect, it } from 'vitest';
import * as items from '../../test/support/live-items.js';
import type { FlvItem } from '../flv/flv-item.js';
import { SplicedItems } from './spliced-items.js';
import type { Splice } from './stream-trail.js';

// Times in milliseconds, as servers send them.
const key = (ms: number, trackId = 0) => items.key(ms * 1000, 10, trackId);
const delta = (ms: number, trackId = 0) => items.delta(ms * 1000, 10, trackId);
const sound = (ms: number) => items.sound(ms * 1000);
const videoConfig = (ms: number, bytes = 12) => items.videoConfig(ms * 1000, bytes);
const audioConfig = (ms: number) => items.audioConfig(ms * 1000);
const metadata = (width: number): FlvItem => ({ type: 'metadata', value: { width } });
const videoEnd = (ms: number): FlvItem => ({
  ...{ type: 'sequence-end', track: 'video', codec: 'h264', trackId: 0, timestamp: ms * 1000 },
});

const before: FlvItem[] = [
  ...[metadata(640), videoConfig(0), audioConfig(0)],
  ...[key(0), sound(5), delta(40), sound(45)],
];

/** What is delivered of `after`, once `first` has been. */
function taken(splice: Splice, after: FlvItem[], first = before): FlvItem[] {
  const spliced = new SplicedItems();
  expect(first.flatMap((item) => spliced.splice(item))).toEqual(first);
  spliced.resume(splice);
  return after.flatMap((item) => spliced.splice(item));
}

const anywhere = (ms = 0): Splice => ({ shift: ms * 1000, from: undefined });
const fromKeyframe = (from: number, shift = 0): Splice => ({
  ...{ from: from * 1000, shift: shift * 1000 },
});

describe('a stream that is put together', () => {
  it('leaves out what was delivered, of each track for itself', () => {
    const after = [...before, delta(80), sound(85)];
    expect(taken(anywhere(), after)).toEqual([delta(80), sound(85)]);
    const lagging = [key(0), delta(40), key(80), sound(5), sound(45), sound(85)];
    expect(taken(anywhere(), lagging)).toEqual([key(80), sound(85)]);
  });

  it('knows a frame again whose time was rounded', () => {
    const rounded = [key(0), delta(41), sound(46), delta(81), sound(84)];
    expect(taken(anywhere(), rounded)).toEqual([delta(81), sound(84)]);
  });

  it('puts all that follows on the clock of what came before', () => {
    const after = [videoConfig(1000), delta(1040), sound(1045), delta(1080), videoConfig(1100, 5)];
    expect(taken(anywhere(-1000), after)).toEqual([delta(80), videoConfig(100, 5)]);
  });

  it('leaves the times that follow to the server, which may begin anew', () => {
    const after = [key(3000), key(40), delta(80)];
    expect(taken(anywhere(), after)).toEqual(after);
  });

  it('says what a decoder has to know only where it is new, and with the frame that needs it', () => {
    const after = [
      ...[metadata(640), audioConfig(999), videoConfig(999, 13), metadata(1280)],
      ...[sound(980), key(999), sound(1000), metadata(1920)],
    ];
    expect(taken(fromKeyframe(999, -900), after)).toEqual([
      ...[metadata(1280), videoConfig(99, 13), key(99), sound(100), metadata(1920)],
    ]);
  });

  it('does not go back to what was replaced before', () => {
    const first = [...before, videoConfig(80, 13), key(80)];
    const after = [videoConfig(0), key(0), delta(40), videoConfig(80, 13), key(80), delta(120)];
    expect(taken(anywhere(), after, first)).toEqual([delta(120)]);
  });

  it('begins with the frame that it is told, and every track with one that can be decoded', () => {
    const after = [
      ...[key(0), sound(45), delta(50), sound(79)],
      ...[key(80), delta(80, 1), sound(85), delta(120), delta(120, 1), key(160, 1)],
      delta(200, 1),
    ];
    expect(taken(fromKeyframe(80), after)).toEqual([
      ...[key(80), sound(85), delta(120), key(160, 1), delta(200, 1)],
    ]);
  });

  it('can be put together of more than two', () => {
    const spliced = new SplicedItems();
    for (const item of before) spliced.splice(item);
    spliced.resume(anywhere(-1000));
    expect(spliced.splice(delta(1080))).toEqual([delta(80)]);
    spliced.resume(fromKeyframe(2100, -2000));
    const after = [delta(2080), delta(2100), sound(2105), key(2120), delta(2160)];
    expect(after.flatMap((item) => spliced.splice(item))).toEqual([
      ...[sound(105), key(120), delta(160)],
    ]);
  });

  it('takes everything where nothing came before', () => {
    const after = before.filter(({ type }) => type !== 'metadata');
    expect(taken(anywhere(), after, [])).toEqual([
      ...[videoConfig(0), key(0), audioConfig(5), sound(5), delta(40), sound(45)],
    ]);
  });

  it('forgets what belongs to a track that has ended, and does not end it twice', () => {
    const after = [videoEnd(50), videoConfig(80), key(80), videoEnd(90)];
    expect(taken(anywhere(), after, [...before, videoEnd(50)])).toEqual([
      ...[videoConfig(80), key(80), videoEnd(90)],
    ]);
  });
});
