import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, test } from 'vitest';
import { media } from '../../../test/support/fake-source.js';
import { videoConfig, videoFrame } from '../../../test/support/packets.js';
import { RecordingTimeline, type TimelineItem } from './recording-timeline.js';

const pushAll = (timeline: RecordingTimeline, packets: readonly EncodedPacket[]): TimelineItem[] =>
  packets.flatMap((packet) => timeline.push(packet));

const packetsOf = (items: readonly TimelineItem[]): EncodedPacket[] =>
  items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));

const pictures = (items: readonly TimelineItem[]): EncodedPacket[] =>
  packetsOf(items).filter(({ track, type }) => track === 'video' && type === 'frame');

const milliseconds = (items: readonly TimelineItem[]): number[] =>
  pictures(items).map(({ dts }) => dts / 1000);

/** What is in each file. */
function files(items: readonly TimelineItem[]): TimelineItem[][] {
  const all: TimelineItem[][] = [[]];
  for (const item of items) {
    if (item.type === 'next-file') all.push([]);
    else all.at(-1)?.push(item);
  }
  return all;
}

describe('the timeline of a recording', () => {
  test('begins at zero, whenever it joins', () => {
    const late = media(0, 2_000).map((packet) => ({
      ...packet,
      ...{ dts: packet.dts + 7_000_000, pts: packet.pts + 7_000_000 },
    }));
    const timeline = new RecordingTimeline();
    expect(milliseconds(pushAll(timeline, late)).slice(0, 2)).toEqual([0, 40]);
    expect(timeline.durationMs).toBe(2_000);
  });

  test('a pause is cut out: the times go on where it began, with a keyframe', () => {
    const timeline = new RecordingTimeline();
    const before = pushAll(timeline, media(0, 1_400));
    timeline.pause();
    expect(pushAll(timeline, media(1_400, 2_400))).toEqual([]);
    timeline.resume();
    expect(timeline.isPaused).toBe(true);
    const after = pushAll(timeline, media(2_400, 3_600));
    expect(timeline.isPaused).toBe(false);
    expect(pictures(after)[0]).toMatchObject({ keyframe: true, dts: 1_400_000, pts: 1_400_000 });
    const times = milliseconds([...before, ...after]);
    expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) === 40)).toBe(true);
    expect(timeline.durationMs).toBe(2_000);
  });

  test('a configuration that changes during a pause goes on before the first frame behind it', () => {
    const timeline = new RecordingTimeline();
    pushAll(timeline, media(0, 1_000));
    timeline.pause();
    expect(timeline.push(videoConfig(1_200))).toEqual([]);
    timeline.resume();
    const [first, second] = packetsOf(pushAll(timeline, [videoFrame(2_000, true)]));
    expect(first).toMatchObject({ type: 'config', track: 'video', dts: 1_000_000 });
    expect(second).toMatchObject({ type: 'frame', keyframe: true, dts: 1_000_000 });
  });

  test('files of a length begin at zero with all configurations and a keyframe, and nothing is lost between', () => {
    const all = files(pushAll(new RecordingTimeline({ seconds: 2 }), media(0, 7_000)));
    expect(all).toHaveLength(4);
    for (const file of all) {
      expect(packetsOf(file).slice(0, 3)).toMatchObject([
        { type: 'config', dts: 0 },
        { type: 'config', dts: 0 },
        { type: 'frame', track: 'video', keyframe: true, dts: 0 },
      ]);
    }
    expect(all.map((file) => pictures(file).length)).toEqual([50, 50, 50, 25]);
    const frames = all.flatMap(packetsOf).filter(({ type }) => type === 'frame');
    expect(frames).toHaveLength(media(0, 7_000).filter(({ type }) => type === 'frame').length);
  });

  test('files of a size stay below it, by what the groups of pictures were so far', () => {
    const packets = media(0, 10_000);
    const second = media(0, 1_000).reduce((sum, { payload }) => sum + payload.byteLength, 0);
    const bytes = Math.round(second * 3.4);
    const all = files(pushAll(new RecordingTimeline({ bytes }), packets));
    const sizes = all.map((file) =>
      packetsOf(file).reduce((sum, { payload }) => sum + payload.byteLength, 0),
    );
    expect(all.map((file) => pictures(file).length)).toEqual([75, 75, 75, 25]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(bytes);
  });

  test('a pause within a file does not make it any longer', () => {
    const timeline = new RecordingTimeline({ seconds: 2 });
    const items = pushAll(timeline, media(0, 1_000));
    timeline.pause();
    items.push(...pushAll(timeline, media(1_000, 5_000)));
    timeline.resume();
    items.push(...pushAll(timeline, media(5_000, 7_000)));
    expect(files(items).map((file) => pictures(file).length)).toEqual([50, 25]);
  });
});
