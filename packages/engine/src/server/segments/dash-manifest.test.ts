import type { EncodedPacket } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { audioConfig, audioFrame, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { dashManifest } from './dash-manifest.js';
import { PackagedStream } from './packaged-stream.js';

const begun = Date.parse('2026-01-01T00:00:00Z');
const options = { segmentSeconds: 2, partSeconds: 0.5, listedSegments: 6, maxBytes: 1 << 24 };

/** In the order of four frames as x264 sends them, of which three are B-frames, the place at which each is shown. */
const shownAt = [4, 2, 1, 3];

/** Pictures, 25 a second, with keyframes at these frames. */
function picture(frames: number, keyframes: ReadonlySet<number>): EncodedPacket[] {
  let group = 0;
  return Array.from({ length: frames }, (_, i) => {
    if (keyframes.has(i)) group = i;
    const before = i - group - 1;
    const shown = before < 0 ? 0 : before - (before % 4) + (shownAt[before % 4] ?? NaN);
    return { ...videoFrame(i * 40, before < 0), pts: (group + shown + 2) * 40_000 };
  });
}

const sound = (seconds: number, isMissing: (ms: number) => boolean = () => false) =>
  Array.from({ length: Math.floor((seconds * 48_000) / 1024) }, (_, i) =>
    audioFrame(Math.round((i * 1024) / 48)),
  ).filter(({ dts }) => !isMissing(dts / 1000));

async function packaged(packets: readonly EncodedPacket[]): Promise<PackagedStream> {
  const stream = new PackagedStream({ ...options, now: () => begun });
  const inOrder = [...packets].sort((a, b) => a.dts - b.dts);
  for (const packet of [videoConfig(), audioConfig(), ...inOrder])
    await stream.push({ type: 'packet', packet });
  return stream;
}

/** Start and end of each segment in seconds, by adaptation set. */
const timelines = (manifest: string): { from: number; to: number }[][] =>
  manifest
    .split('<AdaptationSet')
    .slice(1)
    .map((set) => {
      const timescale = Number(/ timescale="(\d+)"/.exec(set)?.[1]);
      return [...set.matchAll(/<S t="(\d+)" d="(\d+)"/g)].map(([, t, d]) => ({
        from: Number(t) / timescale,
        to: (Number(t) + Number(d)) / timescale,
      }));
    });

const expectWhole = (timeline: readonly { from: number; to: number }[]): void => {
  expect(timeline.length).toBeGreaterThan(3);
  expect(timeline.slice(1).map(({ from }) => from)).toEqual(
    timeline.slice(0, -1).map(({ to }) => to),
  );
};

test('there is no hole between segments that were cut between keyframes', async () => {
  // As OBS Studio sends them: at a change of scene, and else every ten seconds.
  const keyframes = new Set([0, 83, 333, 583]);
  const stream = await packaged([...picture(700, keyframes), ...sound(28)]);
  const segments = stream.rendition('video').listed;
  expect(segments.filter(({ isIndependent }) => !isIndependent).length).toBeGreaterThan(1);
  const [video = [], audio = []] = timelines(dashManifest(stream, begun + 28_000));
  expectWhole(video);
  expectWhole(audio);
  // A segment that begins with a keyframe begins with what is shown of it.
  const [atKeyframe] = segments.filter(({ isIndependent }) => isIndependent).slice(-1);
  const begins = [...keyframes].map((frame) => (frame + 2) * 40_000);
  expect(begins).toContain(atKeyframe?.start);
});

test('there is no hole where the sound pauses', async () => {
  const isMissing = (ms: number): boolean => ms > 4_900 && ms < 6_100;
  const keyframes = new Set(Array.from({ length: 6 }, (_, i) => i * 50));
  const stream = await packaged([...picture(300, keyframes), ...sound(12, isMissing)]);
  const [video = [], audio = []] = timelines(dashManifest(stream, begun + 12_000));
  expectWhole(video);
  expectWhole(audio);
  expect(audio.at(-1)?.to).toBeGreaterThan((video.at(-1)?.to ?? NaN) - 0.2);
});

test.each([0, 1000, 3000, 8000])(
  'the only segment there is does not leave the window within %i ms, which holds the delay',
  async (later) => {
    const stream = await packaged([...picture(60, new Set([0, 50])), ...sound(2.4)]);
    const now = begun + 2400 + later;
    const manifest = dashManifest(stream, now);
    const depth = Number(/timeShiftBufferDepth="PT([\d.]+)S"/.exec(manifest)?.[1]);
    const [video = []] = timelines(manifest);
    expect(video).toHaveLength(1);
    expect((now - begun) / 1000 - depth).toBeLessThan(video[0]?.to ?? NaN);
    const [, delay] = /suggestedPresentationDelay="PT([\d.]+)S"/.exec(manifest) ?? [];
    expect(depth).toBeGreaterThanOrEqual(Number(delay));
  },
);
