import { expect, test } from 'vitest';
import type { EncodedPacket } from 'node-rtmp-client';
import { audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { HeldGroup } from './held-group.js';

const label = ({ track, dts, keyframe }: EncodedPacket): string =>
  `${track === 'video' ? (keyframe ? 'K' : 'p') : 'a'}${dts / 1000}`;

/** Pushes all; what is held by then, and how many video frames were lost. */
function hold(packets: readonly EncodedPacket[], maxMs = 4_000, maxBytes = 100_000) {
  const group = new HeldGroup(maxMs, maxBytes);
  const lost = packets.reduce((sum, packet) => sum + group.push(packet), 0);
  return { held: group.take().map(label), lost };
}

const pictures = (from: number, to: number, keyEvery: number): EncodedPacket[] =>
  Array.from({ length: (to - from) / 40 }, (_, i) => from + i * 40).map((ms) =>
    videoFrame(ms, ms % keyEvery === 0),
  );

test('holds the newest group of pictures with the sound that came since', () => {
  const packets = [
    ...pictures(0, 1_000, 1_000),
    audioFrame(990),
    videoFrame(1_000, true),
    audioFrame(1_010),
    videoFrame(1_040),
  ];
  expect(hold(packets)).toEqual({ held: ['K1000', 'a1010', 'p1040'], lost: 25 });
});

test('holds nothing before a keyframe, nor sound alone', () => {
  expect(hold(pictures(40, 200, 1_000))).toEqual({ held: [], lost: 4 });
  expect(hold([audioFrame(0), audioFrame(20)])).toEqual({ held: [], lost: 0 });
});

test('a group that lasts for too long, or is too large, is not held, nor is what still comes of it', () => {
  expect(hold(pictures(0, 2_000, 10_000), 1_000)).toEqual({ held: [], lost: 50 });
  expect(hold(pictures(0, 2_000, 10_000), 4_000, 1_000)).toEqual({ held: [], lost: 50 });
  // The next one is.
  expect(hold(pictures(0, 3_000, 1_600), 1_000).held[0]).toBeUndefined();
  expect(hold(pictures(0, 2_400, 1_600), 1_000)).toMatchObject({ lost: 40 });
});

test('what needs another configuration than the newest is not held', () => {
  expect(hold([...pictures(0, 400, 1_000), videoConfig(400), videoFrame(400)])).toEqual({
    held: [],
    lost: 11,
  });
});

test('a second picture track is held from its own keyframe on', () => {
  const second = (ms: number, keyframe: boolean): EncodedPacket => ({
    ...videoFrame(ms, keyframe),
    trackId: 1,
  });
  const packets = [
    ...[videoFrame(0, true), second(0, true), videoFrame(1_000, true), second(1_000, false)],
    ...[second(1_040, true), second(1_080, false)],
  ];
  expect(hold(packets)).toEqual({ held: ['K1000', 'K1040', 'p1080'], lost: 3 });
});

test('holds nothing where nothing is to be held', () => {
  const held = new HeldGroup(0, 1_000_000);
  expect([held.push(videoFrame(0, true)), held.push(audioFrame(0))]).toEqual([1, 0]);
  expect(held.take()).toEqual([]);
});
