import fc from 'fast-check';
import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, it, test } from 'vitest';
import {
  audioConfig,
  audioFrame,
  avcConfigurationOf640,
  videoConfig,
  videoFrame,
} from '../../test/support/packets.js';
import type { CmafSample } from './cmaf-fragment.js';
import { Segmenter, type SegmenterEvent, type TrackKind } from './segmenter.js';

const second = 1_000_000;
const options = { segmentSeconds: 2, partSeconds: 0.5, maxSegmentBytes: 32 * 1024 * 1024 };

interface Cut {
  readonly kind: TrackKind;
  readonly period: number;
  /** The samples of each part. */
  readonly parts: (readonly CmafSample[])[];
}

/** The segments that come of a stream which ends after these packets. */
function segmentsOf(packets: readonly EncodedPacket[], segmenter = new Segmenter(options)) {
  const events: SegmenterEvent[] = [];
  for (const packet of packets) events.push(...segmenter.push({ type: 'packet', packet }));
  events.push(...segmenter.end());
  const segments: Cut[] = [];
  const open = new Map<TrackKind, Cut>();
  let period = 0;
  for (const event of events) {
    if (event.type === 'period') {
      expect(open.size).toBe(0);
      period += 1;
    } else if (event.type === 'part') {
      const { kind, samples } = event;
      const segment = open.get(kind) ?? { kind, period, parts: [] };
      open.set(kind, segment);
      segment.parts.push(samples);
    } else {
      const done = open.get(event.kind);
      if (!done) throw new Error('a segment without parts');
      segments.push(done);
      open.delete(event.kind);
    }
  }
  expect(open.size).toBe(0);
  return { segments, events, target: segmenter.targetSeconds };
}

const of = (segments: readonly Cut[], kind: TrackKind): CmafSample[][] =>
  segments.filter((segment) => segment.kind === kind).map(({ parts }) => parts.flat());

const lengthOf = (samples: readonly CmafSample[]): number =>
  samples.reduce((sum, { duration }) => sum + duration, 0);

/** Frames of 25 a second, a keyframe every `group`, and sound of 48 kHz, in the order of their times. */
function stream(seconds: number, { group = 50, from = 0, sound = true } = {}): EncodedPacket[] {
  const picture = Array.from({ length: seconds * 25 }, (_, i) =>
    videoFrame(from + i * 40, i % group === 0),
  );
  const noise = sound
    ? Array.from({ length: Math.floor((seconds * 48_000) / 1024) }, (_, i) =>
        audioFrame(from + Math.round((i * 1024) / 48)),
      )
    : [];
  return [
    videoConfig(from),
    ...(sound ? [audioConfig(from)] : []),
    ...[...picture, ...noise].sort((a, b) => a.dts - b.dts),
  ];
}

test('cuts picture and sound together, at keyframes', () => {
  const { segments, target } = segmentsOf(stream(9));
  expect(of(segments, 'video').map(lengthOf)).toEqual([2, 2, 2, 2, 1].map((s) => s * second));
  const sound = of(segments, 'audio');
  expect(sound).toHaveLength(5);
  for (const [index, samples] of sound.entries()) {
    expect(Math.abs((samples[0]?.pts ?? NaN) - index * 2 * second)).toBeLessThan(22_000);
  }
  expect(target).toBe(2);
});

test.each([
  { group: 25, each: 2 },
  { group: 40, each: 3.2 },
  { group: 100, each: 4 },
  // Rounded to milliseconds, two seconds may be a little less.
  { group: 50, each: 2 },
])('a keyframe every $group frames makes segments of $each s', ({ group, each }) => {
  const { segments, target } = segmentsOf(stream(20, { group }));
  expect(lengthOf(of(segments, 'video')[0] ?? [])).toBe(each * second);
  expect(target).toBe(Math.ceil(each));
});

test('without keyframes a segment ends all the same, and its length is never exceeded again', () => {
  const frames = stream(30, { group: 10_000 });
  const { segments, target } = segmentsOf(frames);
  expect(target).toBe(10);
  for (const samples of of(segments, 'video'))
    expect(Math.round(lengthOf(samples) / second)).toBeLessThanOrEqual(10);
  expect(of(segments, 'video').flat()).toHaveLength(750);
});

test('keyframes that come seldom later are not waited for longer than was promised', () => {
  const seldom = stream(20, { from: 8000, group: 250, sound: false }).slice(1);
  const { segments, target } = segmentsOf([...stream(8, { sound: false }), ...seldom]);
  expect(target).toBe(2);
  for (const samples of of(segments, 'video'))
    expect(Math.round(lengthOf(samples) / second)).toBeLessThanOrEqual(2);
});

test('sound alone is cut by its own time', () => {
  const sound = stream(9).filter(({ track }) => track === 'audio');
  const { segments } = segmentsOf(sound);
  expect(of(segments, 'video')).toEqual([]);
  expect(of(segments, 'audio')).toHaveLength(5);
});

test('a picture alone is not waited for longer than a second', () => {
  const segmenter = new Segmenter(options);
  const packets = stream(3, { sound: false });
  const first = packets.findIndex((packet) =>
    segmenter.push({ type: 'packet', packet }).some(({ type }) => type === 'period'),
  );
  expect(packets[first]?.dts).toBe(second);
});

test('parts are as long as whole frames make them, and no longer', () => {
  const { segments } = segmentsOf(stream(8));
  for (const { parts } of segments) {
    for (const part of parts) expect(lengthOf(part)).toBeLessThanOrEqual(0.5 * second);
    for (const part of parts.slice(0, -1)) expect(lengthOf(part)).toBeGreaterThan(0.425 * second);
  }
});

describe('another period', () => {
  const periods = (segments: readonly Cut[]) => new Set(segments.map(({ period }) => period)).size;

  it('begins where the configuration changes, with a keyframe', () => {
    const other = { ...videoConfig(4000), payload: avcConfigurationOf640 };
    const { segments, events } = segmentsOf([
      ...stream(4),
      other,
      ...stream(4, { from: 4000 }).slice(2),
    ]);
    expect(periods(segments)).toBe(2);
    expect(events.filter(({ type }) => type === 'period')).toMatchObject([
      { tracks: [{ width: 320 }, {}] },
      { tracks: [{ width: 640, height: 360 }, {}], start: 4 * second },
    ]);
    expect(of(segments, 'video').flat()).toHaveLength(200);
  });

  it('does not where the same configuration is repeated', () => {
    const again = stream(4, { from: 4000 });
    expect(periods(segmentsOf([...stream(4), ...again]).segments)).toBe(1);
  });

  it('begins with the first keyframe after sound has come in late', () => {
    const late = stream(8).filter(
      ({ track, type, dts }) => track === 'video' || type === 'config' || dts > 3 * second,
    );
    const { segments } = segmentsOf(late);
    expect(periods(segments)).toBe(2);
    expect(of(segments, 'video').flat()).toHaveLength(200);
    expect(of(segments, 'audio').flat()[0]?.pts).toBeGreaterThanOrEqual(4 * second - 22_000);
  });

  it('begins after a hole in the times of all tracks', () => {
    const { segments } = segmentsOf([...stream(4), ...stream(4, { from: 60_000 })]);
    expect(periods(segments)).toBe(2);
    expect(Math.max(...of(segments, 'video').map(lengthOf))).toBe(2 * second);
  });

  it('begins with another publisher, also of earlier times', () => {
    const segmenter = new Segmenter(options);
    segmentsOf(stream(4, { from: 60_000 }), segmenter);
    const { segments } = segmentsOf(stream(4), segmenter);
    expect(of(segments, 'video').flat()).toHaveLength(100);
  });
});

test('nothing before the first keyframe, nothing of other tracks, nothing that cannot be carried', () => {
  const { segments } = segmentsOf([
    videoConfig(),
    videoFrame(0),
    videoFrame(40),
    ...stream(4, { from: 80, sound: false }).slice(1),
    { ...videoFrame(10_000), trackId: 1 },
    { ...videoFrame(10_000), codec: 'vp8' } as EncodedPacket,
  ]);
  expect(of(segments, 'video').flat()).toHaveLength(101);
  const broken = { ...videoConfig(), payload: new Uint8Array([1, 2, 3]) };
  expect(segmentsOf([broken, ...stream(4).slice(1)]).segments).toSatisfy(
    (cuts: readonly Cut[]) => of(cuts, 'video').length === 0 && of(cuts, 'audio').length === 2,
  );
});

test('every frame is in one segment, in its order, at its time, whatever its times are', () => {
  const group = fc.record({
    frames: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 80 }),
    sound: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }),
  });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 12 }), (groups) => {
      let [picture, noise] = [0, 0];
      const frames = groups.flatMap(({ frames: steps, sound }) => [
        ...steps.map((step, i) => videoFrame((picture += step), i === 0)),
        ...sound.map((step) => audioFrame((noise += step))),
      ]);
      frames.sort((a, b) => a.dts - b.dts);
      const { segments, target = 0 } = segmentsOf([videoConfig(), audioConfig(), ...frames]);
      for (const kind of ['video', 'audio'] as const) {
        const out = of(segments, kind).flat();
        const sent = frames.filter(({ track }) => track === kind);
        // Sound that comes alone for a second, with the picture's first keyframe behind it, is of a period before.
        const first = sent.findIndex(({ dts }) => dts === out[0]?.dts);
        const kept = out.length === 0 ? [] : sent.slice(first);
        expect(out.map(({ dts, pts, payload }) => [dts, pts, payload])).toEqual(
          kept.map(({ dts, pts, payload }) => [dts, pts, payload]),
        );
        for (const samples of of(segments, kind))
          expect(samples.every(({ duration }) => duration >= 0)).toBe(true);
      }
      for (const samples of of(segments, 'video')) {
        const length = (samples.at(-1)?.dts ?? 0) - (samples[0]?.dts ?? 0);
        expect(length / second).toBeLessThan(target + 0.5);
      }
    }),
  );
});

test.each([
  { name: 'a picture alone, which waits for sound', configs: [videoConfig(0)], sound: false },
  { name: 'picture and sound', configs: [videoConfig(0), audioConfig(0)], sound: true },
])('$name whose time stands still is divided by its bytes', ({ configs, sound }) => {
  const maxSegmentBytes = 1024 * 1024;
  const segmenter = new Segmenter({ ...options, maxSegmentBytes });
  const push = (packet: EncodedPacket) => segmenter.push({ type: 'packet', packet });
  configs.forEach(push);
  const total = 400;
  const frameBytes = 50_000;
  let pending = 0;
  let given = 0;
  for (let number = 0; number < total; number += 1) {
    const events = push(videoFrame(0, number === 0, frameBytes));
    if (sound) events.push(...push(audioFrame(0)));
    pending += frameBytes;
    for (const event of events) {
      if (event.type !== 'part' || event.kind !== 'video') continue;
      given += event.samples.length;
      pending -= event.samples.length * frameBytes;
    }
    expect(pending).toBeLessThan(2 * maxSegmentBytes);
  }
  for (const event of segmenter.end())
    if (event.type === 'part' && event.kind === 'video') given += event.samples.length;
  expect(given).toBe(total);
});
