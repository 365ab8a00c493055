import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, test } from 'vitest';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { TrackMerger } from './track-merger.js';

const label = ({ type, track, dts }: EncodedPacket): string =>
  type === 'config' ? `${track} config` : `${track[0] ?? ''}${dts / 1000}`;

describe('TrackMerger', () => {
  test('orders two tracks by decode time, configurations first', () => {
    const merger = new TrackMerger(['video', 'audio']);
    const given = [
      videoConfig(),
      videoFrame(0, true),
      videoFrame(40),
      audioConfig(),
      audioFrame(5),
    ];
    const out = given.flatMap((packet) => merger.push(packet));
    out.push(...merger.push(audioFrame(45)), ...merger.end('audio'), ...merger.end('video'));
    expect(out.map(label)).toEqual(['video config', 'audio config', 'v0', 'a5', 'v40', 'a45']);
  });

  test('a track that stays silent holds the other back by half a second and no more', () => {
    const merger = new TrackMerger(['video', 'audio']);
    const out: EncodedPacket[] = [];
    for (let ms = 0; ms <= 480; ms += 40) out.push(...merger.push(videoFrame(ms)));
    expect(out).toEqual([]);
    for (let ms = 520; ms <= 1_000; ms += 40) out.push(...merger.push(videoFrame(ms)));
    expect(out.map(label).slice(0, 2)).toEqual(['v0', 'v40']);
    expect(out.at(-1)?.dts).toBe(480_000);
  });

  test('a picture does not wait for sound that cannot come before it', () => {
    const merger = new TrackMerger(['video', 'audio']);
    merger.setStep('audio', 21_333);
    const given = [audioFrame(0), videoFrame(21, true), videoFrame(22), audioFrame(21.333)];
    const out = given.map((packet) => merger.push(packet).map(label));
    expect(out).toEqual([[], ['a0', 'v21'], [], ['a21.333', 'v22']]);
  });

  test('sound that is a little earlier than was foreseen goes with the picture before it', () => {
    const merger = new TrackMerger(['video', 'audio']);
    merger.setStep('audio', 21_333);
    const given = [audioFrame(0), videoFrame(21, true), audioFrame(20)];
    expect(given.flatMap((packet) => merger.push(packet)).map(label)).toEqual(['a0', 'v21', 'a21']);
  });

  test('a configuration in the middle stays before its frame', () => {
    const merger = new TrackMerger(['video']);
    const given = [videoFrame(0), videoConfig(), videoFrame(40, true)];
    const out = given.flatMap((packet) => merger.push(packet));
    expect(out.map(label)).toEqual(['v0', 'video config', 'v40']);
  });

  test('a track that was not announced is left out', () => {
    expect(new TrackMerger(['video']).push(audioFrame(0))).toEqual([]);
  });
});
