import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { audioFrame, videoConfig, videoFrame } from '../../test/support/packets.js';
import { BroadcastStatistics } from './statistics.js';

const none = { droppedFrames: 0 };

describe('BroadcastStatistics', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('counts frames, keyframes, bytes and media time, and no configurations', () => {
    const statistics = new BroadcastStatistics();
    statistics.count(videoConfig());
    for (let ms = 0; ms < 1_000; ms += 40) {
      statistics.count(videoFrame(ms, ms === 0));
      statistics.count(audioFrame(ms));
    }
    expect(statistics.snapshot({ droppedFrames: 3 })).toEqual({
      durationMs: 1_000,
      video: { frames: 25, keyframes: 1, bytes: 2_500, droppedFrames: 3 },
      audio: { frames: 25, bytes: 500 },
      behindMs: 0,
    });
  });

  test('tells how far the source falls behind the clock, and that it caught up', () => {
    const statistics = new BroadcastStatistics();
    expect(statistics.snapshot(none)).not.toHaveProperty('behindMs');
    for (let ms = 0; ms <= 1_000; ms += 40) {
      statistics.count(videoFrame(ms, ms === 0));
      vi.advanceTimersByTime(60);
    }
    // Twenty-five intervals, each of which took 20 ms too long.
    expect(statistics.snapshot(none).behindMs).toBe(500);
    statistics.count(videoFrame(4_000, true));
    expect(statistics.snapshot(none).behindMs).toBe(0);
  });

  test('rates are those of the last two seconds, and none before there was one', () => {
    const statistics = new BroadcastStatistics();
    let media = 0;
    const runFor = (ms: number, fps: number): void => {
      for (let at = 0; at < ms; at += 1000 / fps) {
        statistics.count(videoFrame(media, false, 1_000));
        media += 1000 / fps;
        vi.advanceTimersByTime(1000 / fps);
      }
    };
    runFor(800, 30);
    expect(statistics.snapshot(none).video).not.toHaveProperty('fps');
    expect(statistics.snapshot(none)).not.toHaveProperty('bitrate');
    runFor(5_000, 30);
    expect((statistics.snapshot(none).video.fps ?? 0) / 30).toBeCloseTo(1, 1);
    expect((statistics.snapshot(none).bitrate ?? 0) / 240_000).toBeCloseTo(1, 1);
    runFor(4_000, 10);
    expect((statistics.snapshot(none).video.fps ?? 0) / 10).toBeCloseTo(1, 1);
  });
});
